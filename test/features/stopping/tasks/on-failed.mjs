import { setTimeout as sleep } from "node:timers/promises";
import { defineTask } from "tandemq";

/** Leaves a job for each call of `onFailed`. */
const onFailed = ({ code }, job, status) =>
  job.enqueue("stopping.polite", { status, code }, { queue: job.params.below, delay: "1h" });

export const grieves = defineTask(
  "stopping.grieves",
  async ({ deaf, abort }, job) => {
    if (abort) job.abort();
    await sleep(120_000, undefined, deaf ? {} : { signal: job.signal });
  },
  { onFailed },
);
