import { defineTask } from "tandemq";

export interface ThumbnailParams {
  file: string;
  width: number;
}

export const makeThumbnail = defineTask(
  "thumbnails.make",
  async ({ file, width }: ThumbnailParams, job) => {
    job.log.info("resizing", { file, width });
    return { thumbnail: `${width}/${file}` };
  },
  { queue: "thumbnails", attempts: 3, timeout: "30s" },
);

declare module "tandemq" {
  interface TaskTypes {
    "thumbnails.make": typeof makeThumbnail;
  }
}
