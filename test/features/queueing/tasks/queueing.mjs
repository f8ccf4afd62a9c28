import { appendFileSync } from "node:fs";
import { defineTask } from "tandemq";

/** Writes a line for its run, so that the order and the params of runs can be read. */
export const note = defineTask("queueing.note", ({ file, text }) => {
  appendFileSync(file, `${text}\n`);
});
