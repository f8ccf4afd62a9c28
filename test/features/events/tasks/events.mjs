import { setTimeout as sleep } from "node:timers/promises";
import { defineTask } from "tandemq";

/** Ends as it is told. */
export const ends = defineTask("events.ends", async ({ how }, job) => {
  if (how === "failed") throw new Error("as asked");
  if (how === "abort") job.abort("enough");
  if (how === "timeout") await sleep(120_000, undefined, { signal: job.signal });
  if (how === "retry" && job.attempt === 1) job.retry({ delay: 0 });
});
