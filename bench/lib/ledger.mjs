/**
 * What ran, when: written by the task itself, in whichever process it runs, to a file that no queue knows of.
 * A record is two doubles: the job's number and the time its task started (`clock.mjs`).
 */
import { appendFileSync, closeSync, existsSync, openSync, readFileSync, readSync, statSync } from "node:fs";
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

/** The numbers of a ledger's jobs, a block at a time: for ledgers that do not fit into memory. */
export function* numbersOf(path) {
  const file = openSync(path, "r");
  const block = new Float64Array(2 * 65_536);
  try {
    for (;;) {
      const bytes = readSync(file, new Uint8Array(block.buffer));
      if (bytes === 0) return;
      for (let i = 0; i < bytes / 8; i += 2) yield block[i];
    }
  } finally {
    closeSync(file);
  }
}

/** Throws unless every job from 0 to `count` - 1 ran exactly once, or as often as `due` says of its number. */
export function assertExactlyOnce(numbers, count, due = () => 1) {
  const times = new Uint8Array(count);
  let strange = 0;
  for (const number of numbers) {
    if (number < count) times[number] += 1;
    else strange += 1;
  }
  const missing = times.filter((n, number) => n < due(number)).length;
  const often = times.filter((n, number) => n > due(number)).length;
  if (missing || often || strange)
    throw new Error(`of ${count} jobs ${missing} ran too seldom, ${often} too often; ${strange} runs of unknown jobs`);
}
