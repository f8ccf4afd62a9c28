import { defineTask } from "tandemq";

export const resize = defineTask(
  "images.resize",
  async ({ file, width }, job) => {
    job.log.info("resizing", { width });
    await job.progress(0.5);
    return { file, width };
  },
  {
    queue: "images",
    attempts: 5,
    backoff: { type: "exponential", delay: "1s", jitter: 0.2 },
    timeout: "30s",
    keepResults: "7d",
    keepFailures: "30d",
  },
);
