import { randomBytes } from "node:crypto";
import type { JobId } from "./job.js";

const processPart = randomBytes(5).toString("hex");
let counter = randomBytes(3).readUIntBE(0, 3);
/** What all ids of one second begin with. */
let last = { second: Number.NaN, part: "" };

/**
 * A new job id: the 12 bytes of a MongoDB ObjectId (seconds, random per process, counter) as 24 hexadecimal digits.
 * Source: the ObjectId specification of MongoDB.
 */
export function newJobId(nowMs: number = Date.now()): JobId {
  counter = (counter + 1) & 0xffffff;
  const second = Math.floor(nowMs / 1000);
  if (second !== last.second) last = { second, part: hex(second, 8) + processPart };
  return last.part + hex(counter, 6);
}

export function isJobId(value: unknown): value is JobId {
  return typeof value === "string" && /^[0-9a-f]{24}$/.test(value);
}

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, "0");
}
