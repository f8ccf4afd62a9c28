import { appendFileSync } from "node:fs";
import { defineBatchTask, defineTask, rateLimit } from "tandemq";

const tell = (line) => appendFileSync(process.env["E2E_STORY"], `${line}\n`);

export const named = defineTask("fair.named", ({ name }) => tell(name));

/** The worker of this group does not run it. */
export const ordered = defineTask("others.named", ({ name }) => tell(name));

export const batch = defineBatchTask(
  "fair.batch",
  async (jobs) => {
    tell(`batch ${jobs.map(({ params }) => params.name).join()}`);
    return jobs.map(({ params }) => (params.fails ? new RangeError(`${params.name} fails`) : { name: params.name }));
  },
  { size: 3, wait: "20ms" },
);

export const actions = defineTask("fair.actions", async ({ name }, job) => {
  const free = [];
  for (let i = 0; i < 2; i++) free.push(await rateLimit(name, 3, "1h"));
  for (let i = 0; i < 2; i++) free.push(await job.rateLimit(name, 3, "1h"));
  tell(`${name} ${free.join()}`);
});
