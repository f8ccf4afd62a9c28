import { randomBytes } from "node:crypto";
import type { JobId } from "./job.js";

const processPart = randomBytes(5).toString("hex");
let counter = randomBytes(3).readUIntBE(0, 3);

/**
 * A new job id: the 12 bytes of a MongoDB ObjectId (seconds, random per process, counter) as 24 hexadecimal digits.
 * Source: the ObjectId specification of MongoDB.
 */
export function newJobId(nowMs: number = Date.now()): JobId {
  counter = (counter + 1) & 0xffffff;
  return hex(Math.floor(nowMs / 1000), 8) + processPart + hex(counter, 6);
}

export function isJobId(value: unknown): value is JobId {
  return typeof value === "string" && /^[0-9a-f]{24}$/.test(value);
}

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, "0");
}
