/** Jobs per second of a task that computes for about 10 ms, on one process and on four; beside it, bare processes. */
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { now } from "../lib/clock.mjs";
import { start } from "../lib/processes.mjs";
import { paramsOf, spin } from "../lib/work.mjs";
import { measure } from "./process.mjs";

const rounds = 18_000;

export function cpuCase({ share }) {
  const base = { task: "spin", more: { rounds }, count: 240 * share };
  return {
    name: "cpu",
    title: "CPU-bound task of about 10 ms (processes × concurrency)",
    unit: "jobs/s",
    variants: [
      { name: "no-storage 1 × 25", peer: "no-storage", concurrency: 25, processes: 1, ...base },
      { name: "no-storage 4 × 25", peer: "no-storage", concurrency: 25, processes: 4, ...base },
      { name: "bare 1 process", processes: 1, ...base },
      { name: "bare 4 processes", processes: 4, ...base },
    ],
    measure: (services, variant) => (variant.peer ? measure(services, variant) : bare(variant)),
  };
}

/** The same work without any queue: what this machine can gain at all at this moment. */
async function bare({ processes, count }) {
  const children = Array.from({ length: processes }, () =>
    start(process.execPath, [self], { stdio: [0, 1, 2, "ipc"] }),
  );
  await Promise.all(children.map((child) => once(child, "message")));
  const began = now();
  for (const child of children) child.send(count / processes);
  await Promise.all(children.map((child) => once(child, "message")));
  const rate = (count / (now() - began)) * 1000;
  for (const child of children) child.disconnect();
  return rate;
}

const self = fileURLToPath(import.meta.url);

if (process.argv[1] === self) {
  process.once("message", (count) => {
    for (let i = 0; i < count; i += 1) spin(paramsOf(i, { rounds }));
    process.send("done");
  });
  process.send("up");
}
