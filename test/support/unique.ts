import { randomBytes } from "node:crypto";

/** A name that nothing else uses: for a queue, a key prefix or a database. */
export function unique(what: string): string {
  return `${what}-${randomBytes(5).toString("hex")}`;
}
