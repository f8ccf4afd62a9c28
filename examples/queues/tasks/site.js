import { defineTask } from "tandemq";

export const index = defineTask("site.index", ({ page }) => ({ indexed: page }));

export const visit = defineTask("site.visit", ({ url, gone = false }, job) => {
  if (job.queue === "crawl" && gone) job.again(false);
  return { visited: url };
});
