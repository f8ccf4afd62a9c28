import { setTimeout as pause } from "node:timers/promises";
import { countOf, InvalidOptionError, type QueueLook, type QueueMode } from "@tandemq/core";

/** Workers may still claim so long after a queue was paused, ms. */
const pauseTakes = 1000;
const lookEvery = 100;

/**
 * Resolves when nothing of a paused queue runs any more.
 *
 * @throws InvalidOptionError when something still runs after `timeout` ms, or waits for another run that the new mode
 * could not tell of
 */
export async function settled({ queue, broker, mode }: QueueLook, to: QueueMode, timeout: number): Promise<void> {
  const begin = performance.now();
  for (;;) {
    const counts = (await broker.counts([queue])).get(queue);
    const [started, begun] = [counts?.started ?? 0, (counts?.retry ?? 0) + (counts?.interrupt ?? 0)];
    const passed = performance.now() - begin;
    if (started === 0 && passed >= pauseTakes) return assertNoDocuments(queue, mode, to, begun);
    if (passed > Math.max(timeout, pauseTakes)) {
      throw new InvalidOptionError(
        `queue "${queue}" has ${countOf(started, "job that still runs", "jobs that still run")} after ${timeout} ms: nothing was changed; wait for them, or give more time`,
      );
    }
    await pause(lookEvery);
  }
}

/** A raw job that ran has a document, which nobody would end in a no-storage queue. */
function assertNoDocuments(queue: string, mode: QueueMode, to: QueueMode, begun: number): void {
  if (mode !== "raw" || to !== "no-storage" || begun === 0) return;
  throw new InvalidOptionError(
    `queue "${queue}" has ${countOf(begun, "job that waits", "jobs that wait")} for another run: nothing was changed; let them end, or cancel them with ` +
      `\`tandemq jobs cancel --queue ${queue} --status retry,interrupt\``,
  );
}
