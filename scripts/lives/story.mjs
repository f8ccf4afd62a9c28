import { closeSync, openSync, readdirSync, readFileSync, writeSync } from "node:fs";
import { join } from "node:path";

/** Milliseconds of the machine's monotonic clock, the same in every process. */
export const clock = () => Number(process.hrtime.bigint() / 1000n) / 1000;

/** One process's part of the story: a line of JSON for each record, in the file before the caller goes on. */
export class Story {
  #file;

  constructor(folder, role) {
    this.#file = openSync(join(folder, `${role}-${process.pid}.story`), "a");
  }

  tell(verb, facts) {
    writeSync(this.#file, `${JSON.stringify({ verb, at: clock(), pid: process.pid, ...facts })}\n`);
  }

  close() {
    closeSync(this.#file);
  }
}

/** All records of all processes in the order of their time. */
export function readStory(folder) {
  const files = readdirSync(folder).filter((name) => name.endsWith(".story"));
  const lines = files.flatMap((name) => readFileSync(join(folder, name), "utf8").split("\n"));
  return lines
    .filter(Boolean)
    .map((line) => JSON.parse(line))
    .sort((a, b) => a.at - b.at);
}
