import { defineTask } from "tandemq";
import { resize } from "../resize.js";

export const publish = defineTask(
  "albums.publish",
  async ({ album, pictures }, job) => {
    job.log.info("publishing", { album });
    const sizes = await job.map(pictures, (file, index, signal) => resize(file, signal), { concurrency: 4 });
    await job.progress({ resized: sizes.length, of: pictures.length });
    await job.enqueueMany(
      announce,
      pictures.map((picture) => ({ picture })),
    );
    await job.enqueue(close, { album }, { once: "close" });
    return { bytes: sizes.reduce((sum, size) => sum + size, 0) };
  },
  { queue: "albums", attempts: 3 },
);

export const announce = defineTask("pictures.announce", async ({ picture }) => ({ told: picture }), {
  queue: "pictures",
});

export const close = defineTask("albums.close", async ({ album }) => ({ closed: album }), { queue: "albums" });
