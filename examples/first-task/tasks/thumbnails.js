import { defineTask } from "tandemq";

export const thumbnail = defineTask(
  "thumbnails.make",
  async ({ file, width }, job) => {
    job.log.info("resizing", { file, width });
    return { file, width };
  },
  { queue: "thumbnails", attempts: 5, timeout: "30s" },
);
