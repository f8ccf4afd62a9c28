import { appendFileSync, existsSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { defineTask } from "tandemq";

const tell = (line) => appendFileSync(process.env["E2E_STORY"], `${line}\n`);

async function waits({ name, gate }) {
  tell(`start ${name}`);
  while (gate && !existsSync(gate)) await pause(2);
  tell(`end ${name}`);
}

export const plain = defineTask("limits.plain", waits);

export const hourly = defineTask("limits.hourly", waits, {
  limit: { key: ({ host }) => host, max: 2, per: "1h" },
});

export const rated = defineTask("limits.rated", ({ name }, job) => tell(`claims ${job.deliveries} ${name}`), {
  limit: { key: ({ host }) => host, max: 2, per: "500ms" },
});

export const single = defineTask("limits.single", waits, {
  limit: { key: ({ host }) => host, concurrency: 1 },
});

export const both = defineTask("limits.both", waits, {
  limit: [
    { key: "all", concurrency: 1 },
    { key: ({ host }) => host, max: 1, per: "1h" },
  ],
});
