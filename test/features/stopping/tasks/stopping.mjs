import { existsSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { defineTask } from "tandemq";

/** Ends when its signal says so. */
export const polite = defineTask("stopping.polite", (_params, job) => sleep(60_000, undefined, { signal: job.signal }));

/** Hears nothing. */
export const deaf = defineTask("stopping.deaf", () => sleep(120_000));

export const swallows = defineTask("stopping.swallows", async (_params, job) => {
  await sleep(60_000, undefined, { signal: job.signal }).catch(() => {});
  return "as if nothing had been";
});

export const brief = defineTask("stopping.brief", (_params, job) => sleep(60_000, undefined, { signal: job.signal }), {
  timeout: "20ms",
});

/** Tells where it ran, in the one way that every mode keeps. */
export const tells = defineTask("stopping.tells", async (_params, job) => {
  await sleep(20);
  job.abort(String(process.pid));
});

/** Waits for a file, then tells where it ran. */
export const gated = defineTask("stopping.gated", async ({ gate }, job) => {
  while (!existsSync(gate)) await sleep(5);
  job.abort(String(process.pid));
});

/** Has a child that waits, and waits itself. */
export const parent = defineTask("stopping.parent", async ({ child }, job) => {
  await job.enqueue("stopping.polite", {}, { queue: child, delay: "1h", key: "child" });
  await sleep(60_000, undefined, { signal: job.signal });
});
