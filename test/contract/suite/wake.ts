import { describe, expect, test } from "@jest/globals";
import type { Broker } from "@tandemq/core";
import { failure, giveBack, hour, type Stage } from "../stage.js";

/** Longer than a test may last: a wait that ends was woken. */
const timeout = hour;

/** The broker, having found nothing, waits while something happens. Never ends where that does not wake it. */
async function untilWoken(s: Stage, broker: Broker, happen: () => Promise<unknown>): Promise<void> {
  expect(await s.claim({}, broker)).toEqual([]);
  const wait = broker.waitForWork([s.queue, `${s.queue}-b`], { timeout });
  await happen();
  await wait;
}

export function wakeContract(stage: () => Stage): void {
  describe("wait for work", () => {
    test("ends when this broker or another one enqueues", async () => {
      const s = stage();
      await untilWoken(s, s.other, () => s.enqueue());
      await s.claimOne();
      await untilWoken(s, s.broker, () => s.enqueue());
      expect(await s.claim()).toHaveLength(1);
    });

    test("ends at once when work came between the claim that found nothing and the wait", async () => {
      const s = stage();
      expect(await s.claim({}, s.other)).toEqual([]);
      await s.enqueue();
      await s.other.waitForWork([s.queue], { timeout });
    });

    test("ends when a known due time has come", async () => {
      const s = stage();
      await s.enqueue({ due: { after: 250 } });
      let claims = await s.claim();
      while (claims.length === 0) {
        await s.broker.waitForWork([s.queue], { timeout });
        claims = await s.claim();
      }
    });

    test.each(["give back", "edit", "resume", "requeue"] as const)("ends after %s by another broker", async (verb) => {
      const s = stage();
      const held = await s.started();
      if (verb === "edit") await s.enqueue({ due: { after: hour } });
      if (verb === "resume") await s.broker.pause(s.queue);
      if (verb === "requeue") await s.settle(held, failure);
      if (verb === "requeue" && !s.subject.keepsFailures)
        return expect(await s.broker.requeue([held])).toEqual(["missing"]);
      const [delayed] = await s.broker.find({ queue: s.queue, status: ["queued"] });
      const happen = {
        "give back": () => s.settle(held, giveBack),
        edit: () => s.broker.edit([s.ref(delayed?.id ?? "")], { due: { after: 0 } }),
        resume: () => s.broker.resume(s.queue),
        requeue: () => s.broker.requeue([held]),
      };
      await untilWoken(s, s.other, happen[verb]);
    });

    test("ends when the signal is aborted, or was", async () => {
      const s = stage();
      const controller = new AbortController();
      await untilAborted(s, controller.signal, () => controller.abort());
      await untilAborted(s, controller.signal, () => undefined);
    });

    test("ends when its time is over, on a queue where nothing happens", async () => {
      const s = stage();
      await s.claim();
      const start = performance.now();
      await s.broker.waitForWork([s.queue], { timeout: 50 });
      expect(performance.now() - start).toBeGreaterThan(45);
    });
  });
}

async function untilAborted(s: Stage, signal: AbortSignal, abort: () => void): Promise<void> {
  await s.claim();
  const wait = s.broker.waitForWork([s.queue], { timeout, signal });
  abort();
  await wait;
}
