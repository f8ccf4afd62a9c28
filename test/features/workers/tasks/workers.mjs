import { appendFileSync, existsSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { defineTask } from "tandemq";

const tell = (line) => appendFileSync(process.env["E2E_STORY"], `${line}\n`);

/** Tells in which process it ran. */
export const where = defineTask("workers.where", async ({ name }) => {
  await sleep(5);
  tell(`${name} ${process.pid}`);
});

export const gated = defineTask("workers.gated", async ({ name, gate }) => {
  tell(`${name} start`);
  while (!existsSync(gate)) await sleep(5);
  tell(`${name} end`);
});
