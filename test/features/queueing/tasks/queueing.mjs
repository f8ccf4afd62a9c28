import { appendFileSync, readFileSync } from "node:fs";
import { defineTask } from "tandemq";

/** Writes a line for its run, so that the order and the params of runs can be read. */
export const note = defineTask("queueing.note", ({ file, text }) => {
  appendFileSync(file, `${text}\n`);
  return { text };
});

/** Runs again at once until it has run so often. */
export const again = defineTask("queueing.again", ({ file, times }, job) => {
  appendFileSync(file, "run\n");
  job.again(readLines(file) < times ? 0 : false);
});

/** An entry that cannot stay. */
export const stays = defineTask("queueing.stays", (_params, job) => job.again("1h"));

function readLines(file) {
  return readFileSync(file, "utf8").trim().split("\n").length;
}
