import { existsSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { defineTask } from "tandemq";

export const held = defineTask("operations.held", async ({ gate }) => {
  while (!existsSync(gate)) await pause(10);
});

export const echo = defineTask("operations.echo", (params) => params);

export const fails = defineTask("operations.fails", () => {
  throw new Error("no luck");
});

export const charge = defineTask("operations.charge", ({ card }, job) => {
  job.log.info(`charging ${card}`, { of: { card } });
  throw new Error(`${card} was refused`);
});
