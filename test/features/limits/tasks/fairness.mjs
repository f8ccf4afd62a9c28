import { appendFileSync, existsSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { defineBatchTask, defineTask, rateLimit } from "tandemq";

const tell = (line) => appendFileSync(process.env["E2E_STORY"], `${line}\n`);

export const named = defineTask("fair.named", ({ name }) => tell(name));

/** Tells in which process it ran. */
export const placed = defineTask("fair.placed", ({ name }) => tell(`${name} ${process.pid}`));

/** Runs until the file is there, and may leave another job behind. */
export const leaves = defineTask("fair.leaves", async ({ name, gate, leaves: path }, job) => {
  tell(`${name}-runs`);
  while (!existsSync(gate)) await sleep(10);
  if (path) await job.enqueue(path, { name: `${name}-left` }, { queue: job.queue });
});

/** The worker of this group does not run it. */
export const ordered = defineTask("others.named", ({ name }) => tell(name));

/** Nor this, which runs until the file is there. */
export const gated = defineTask("others.gated", async ({ name, gate }) => {
  tell(name);
  while (!existsSync(gate)) await sleep(5);
});

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
