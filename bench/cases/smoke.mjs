/** The cases of `npm run bench:smoke`. */
import { cpuCase } from "./cpu.mjs";
import { enqueueCases } from "./enqueue.mjs";
import { pickupCase } from "./pickup.mjs";
import { processCase } from "./process.mjs";
import { memoryCase, startCase } from "./worker-command.mjs";

export const smokeCases = (size) => [
  processCase(size),
  ...enqueueCases(size),
  pickupCase(size),
  cpuCase(size),
  memoryCase(size),
  startCase(),
];
