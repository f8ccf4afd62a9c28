import { describe, expect, test } from "@jest/globals";
import type { Broker } from "@tandemq/core";
import { failure, giveBack, hour, type Stage } from "../stage.js";

/** Far below the timeout of the wait, far above what a wake-up takes. */
const prompt = 3000;
const timeout = 15_000;

/** How long the broker, having found nothing, waits while something happens. */
async function waited(s: Stage, broker: Broker, happen: () => Promise<unknown>): Promise<number> {
  expect(await s.claim({}, broker)).toEqual([]);
  const start = performance.now();
  const wait = broker.waitForWork([s.queue, `${s.queue}-b`], { timeout });
  await happen();
  await wait;
  return performance.now() - start;
}

export function wakeContract(stage: () => Stage): void {
  describe("wait for work", () => {
    test("ends when this broker or another one enqueues", async () => {
      const s = stage();
      expect(await waited(s, s.other, () => s.enqueue())).toBeLessThan(prompt);
      await s.claimOne();
      expect(await waited(s, s.broker, () => s.enqueue())).toBeLessThan(prompt);
      expect(await s.claim()).toHaveLength(1);
    });

    test("ends at once when work came between the claim that found nothing and the wait", async () => {
      const s = stage();
      expect(await s.claim({}, s.other)).toEqual([]);
      await s.enqueue();
      const start = performance.now();
      await s.other.waitForWork([s.queue], { timeout });
      expect(performance.now() - start).toBeLessThan(prompt);
    });

    test("ends when a known due time has come", async () => {
      const s = stage();
      await s.enqueue({ due: { after: 250 } });
      let claims = await s.claim();
      const start = performance.now();
      while (claims.length === 0) {
        await s.broker.waitForWork([s.queue], { timeout });
        claims = await s.claim();
      }
      expect(performance.now() - start).toBeLessThan(prompt);
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
      expect(await waited(s, s.other, happen[verb])).toBeLessThan(prompt);
    });

    test("ends when the signal is aborted, or was", async () => {
      const s = stage();
      const controller = new AbortController();
      expect(await waitedAborted(s, controller.signal, () => controller.abort())).toBeLessThan(prompt);
      expect(await waitedAborted(s, controller.signal, () => undefined)).toBeLessThan(prompt);
    });

    test("ends when its time is over, on a queue where nothing happens", async () => {
      const s = stage();
      await s.claim();
      const start = performance.now();
      await s.broker.waitForWork([s.queue], { timeout: 50 });
      expect(performance.now() - start).toBeGreaterThan(45);
      expect(performance.now() - start).toBeLessThan(prompt);
    });
  });
}

async function waitedAborted(s: Stage, signal: AbortSignal, abort: () => void): Promise<number> {
  await s.claim();
  const start = performance.now();
  const wait = s.broker.waitForWork([s.queue], { timeout, signal });
  abort();
  await wait;
  return performance.now() - start;
}
