import { closeSync, openSync, writeSync } from "node:fs";
import { join } from "node:path";

/** Nanoseconds of the machine's monotonic clock: the same clock in every process, so records can be put in order. */
export const now = () => process.hrtime.bigint();

/**
 * One process's part of the ledger. A record is one line, written by one call to an O_APPEND file before the caller goes
 * on: the death of the process, however it comes, can lose no record that was made.
 */
export class Ledger {
  #file;

  constructor(folder, role) {
    this.#file = openSync(join(folder, `${role}-${process.pid}.ledger`), "a");
  }

  /** @param {string} verb TRY, OK, START, END or FAIL; then the job's number and whatever belongs to the verb */
  append(verb, number, ...rest) {
    writeSync(this.#file, `${[verb, number, now(), process.pid, ...rest].join(" ")}\n`);
  }

  close() {
    closeSync(this.#file);
  }
}
