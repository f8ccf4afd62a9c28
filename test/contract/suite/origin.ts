import { describe, expect, test } from "@jest/globals";
import { newJobId } from "@tandemq/core";
import { failure, type Stage } from "../stage.js";

const meta = { traceparent: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", $odd: "ünï ✓ \u0000" };

export function originContract(stage: () => Stage): void {
  describe("parent and meta", () => {
    test("go with the job from its enqueueing through every claim to its end", async () => {
      const s = stage();
      const parent = newJobId();
      const claim = await s.started({ parent, meta });
      expect(claim).toMatchObject({ parent, meta });
      expect(await s.job(claim.id)).toMatchObject({ parent, meta });
      await s.lapse(claim);
      expect(await s.claimOne()).toMatchObject({ parent, meta });
    });

    test("stay with a job that begins another life", async () => {
      const s = stage();
      if (!s.subject.keepsFailures) return;
      const parent = newJobId();
      const { id } = await s.ended(failure, { parent, meta });
      expect(await s.job(id)).toMatchObject({ parent, meta });
      await s.broker.requeue([s.ref(id)]);
      expect(await s.claimOne()).toMatchObject({ id, parent, meta });
    });

    test("the children of a job are found, and nobody else's", async () => {
      const s = stage();
      const parent = newJobId();
      const waiting = await s.enqueue({ parent });
      await s.enqueue({ parent: newJobId() });
      await s.enqueue();
      const found = await s.broker.find({ queue: s.queue, parent });
      expect(found.map(({ id }) => id)).toEqual([waiting]);
      const everywhere = await s.broker.find({ parent });
      expect(everywhere.map(({ id }) => id)).toEqual([waiting]);
      expect(await s.broker.find({ queue: s.queue, parent: newJobId() })).toEqual([]);
    });
  });
}
