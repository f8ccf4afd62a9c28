/** What the jobs do, the same for all peers. */
import { createHash } from "node:crypto";
import { sleep } from "./clock.mjs";
import { record } from "./ledger.mjs";

/** The no-op: nothing but its entry in the ledger and an answer that can be checked. */
export function add({ number, a, b }) {
  record(number);
  return { v: a + b };
}

/** Pure CPU: `rounds` of hashing, about 0.55 µs each, blocking its process. */
export function spin({ number, a, b, rounds }) {
  record(number);
  let hash = "";
  for (let i = 0; i < rounds; i += 1) hash = createHash("sha256").update(hash).digest("hex");
  return { v: a + b };
}

/** Waits as a job does that asks another service. */
export async function nap({ number, a, b, ms }) {
  record(number);
  await sleep(ms);
  return { v: a + b };
}

/** Fails at the first attempt of every tenth job. */
export function flaky({ number, a, b }, attempt) {
  record(number);
  if (fails(number) && attempt === 1) throw new Error("the first attempt of every tenth job fails");
  return { v: a + b };
}

export const fails = (number) => number % 10 === 0;

export const works = { add, spin, nap, flaky };

/** The params of job `number`. */
export const paramsOf = (number, more) => ({ number, a: 1, b: number, ...more });
