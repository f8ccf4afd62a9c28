import { describe, expect, test } from "@jest/globals";
import { quickest } from "../../support/patience.js";
import { waitFor } from "../../support/wait-for.js";
import { idsOf, type Stage, success } from "../stage.js";

/** How long another broker, that has just claimed, still hands out jobs after a pause. */
async function seen(s: Stage): Promise<number> {
  await s.broker.resume(s.queue);
  await waitFor("it goes on", async () => {
    await s.enqueue();
    return (await s.claim({ max: 1 }, s.other)).length > 0;
  });
  await s.broker.pause(s.queue);
  const begin = performance.now();
  await s.enqueueMany(200);
  await waitFor("the pause to be seen", async () => (await s.claim({ max: 1 }, s.other)).length === 0);
  return performance.now() - begin;
}

export function pauseContract(stage: () => Stage): void {
  describe("pause", () => {
    test("within a second nobody is given anything, enqueueing and settling go on", async () => {
      const s = stage();
      const held = await s.started();
      expect(await quickest(1000, () => seen(s))).toBeLessThan(1000);
      expect(await s.claim()).toEqual([]);
      expect(await s.settle(held, success)).toBe("settled");
      expect(await s.broker.paused()).toContain(s.queue);
      expect(await s.other.paused()).toContain(s.queue);
    });

    test("does not concern other queues", async () => {
      const s = stage();
      await s.broker.pause(s.queue);
      await s.enqueue();
      const id = await s.enqueue({ queue: `${s.queue}-b` });
      await waitFor("the pause to be seen", async () => !(await s.broker.paused()).includes(`${s.queue}-b`));
      expect(idsOf(await s.claim({ queues: [s.queue, `${s.queue}-b`] }))).toEqual([id]);
    });

    test("resume gives out again, and may be asked twice", async () => {
      const s = stage();
      const id = await s.enqueue();
      await s.broker.pause(s.queue);
      await s.broker.pause(s.queue);
      await s.other.resume(s.queue);
      await s.other.resume(s.queue);
      expect(await s.broker.paused()).not.toContain(s.queue);
      const claims = await waitFor("the job to be claimed", async () => {
        const found = await s.claim();
        return found.length > 0 && found;
      });
      expect(idsOf(claims)).toEqual([id]);
    });
  });
}
