import { randomBytes } from "node:crypto";
import type { Token } from "@tandemq/core";

const life = randomBytes(6).toString("base64url");
let count = 0;

/** A token that no claim had before: the worker, this process' life, and a counter. */
export function newToken(worker: string): Token {
  count += 1;
  return `${worker}.${life}.${count.toString(36)}`;
}
