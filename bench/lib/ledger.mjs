/**
 * What ran, when: written by the task itself, in whichever process it runs, to a file that no queue knows of.
 * A record is two doubles: the job's number and the time its task started (`clock.mjs`).
 */
import { appendFileSync, existsSync, readFileSync, statSync } from "node:fs";
import { now } from "./clock.mjs";

const capacity = 512;
const recordBytes = 16;
const buffer = new Float64Array(2 * capacity);
const file = process.env.BENCH_LEDGER;
let length = 0;
let timer;

/** Called by every task first of all. Costs well under a microsecond; the file is written in blocks. */
export function record(number) {
  buffer[length] = number;
  buffer[length + 1] = now();
  length += 2;
  if (length === buffer.length) flush();
  else timer ??= setTimeout(flush, 50);
}

function flush() {
  clearTimeout(timer);
  timer = undefined;
  if (length > 0 && file) appendFileSync(file, new Uint8Array(buffer.buffer, 0, length * 8));
  length = 0;
}

process.on("exit", flush);

/** How many records a ledger has. */
export function countLedger(path) {
  return existsSync(path) ? statSync(path).size / recordBytes : 0;
}

/** The records of a ledger, by time. */
export function readLedger(path) {
  const bytes = readFileSync(path);
  const values = new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
  const runs = Array.from({ length: values.length / 2 }, (_, i) => ({ number: values[2 * i], at: values[2 * i + 1] }));
  return runs.sort((a, b) => a.at - b.at);
}

/** Throws unless every job from 0 to `count` - 1 ran exactly once. */
export function assertExactlyOnce(runs, count) {
  const times = new Uint8Array(count);
  for (const { number } of runs) times[number] += 1;
  const missing = times.filter((n) => n === 0).length;
  const twice = times.filter((n) => n > 1).length;
  if (runs.length !== count || missing || twice) {
    throw new Error(`${runs.length} runs of ${count} jobs: ${missing} never ran, ${twice} ran more than once`);
  }
}
