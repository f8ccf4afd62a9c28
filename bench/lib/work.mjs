/** What the jobs do, the same for all peers. */
import { createHash } from "node:crypto";
import { record } from "./ledger.mjs";

/** The no-op: nothing but its entry in the ledger and an answer that can be checked. */
export function add({ number, a, b }) {
  record(number);
  return { v: a + b };
}

/** Pure CPU: about 10 ms of hashing, blocking its process. */
export function spin({ number, a, b, rounds }) {
  record(number);
  let hash = "";
  for (let i = 0; i < rounds; i += 1) hash = createHash("sha256").update(hash).digest("hex");
  return { v: a + b };
}

export const works = { add, spin };

/** The params of job `number`. */
export const paramsOf = (number, more) => ({ number, a: 1, b: number, ...more });
