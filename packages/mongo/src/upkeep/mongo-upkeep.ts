import type { Job } from "@tandemq/core";
import type { Connection } from "../connection/connection.js";
import { freeDeadKeys } from "./free-dead-keys.js";
import { type OldestQuery, oldestLive } from "./oldest-live.js";
import { type TrimRule, trim } from "./trim.js";

/** What keeps a MongoDB tidy. Every step is harmless when it is done twice, by many at once. */
export class MongoUpkeep {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** Deletes finished jobs that are too old, or too many. @returns how many */
  trim(rule: TrimRule): Promise<number> {
    return this.#connection.run("trim", () => trim(this.#connection, rule));
  }

  /** Paths of jobs there are that match a pattern such as `mail.*`. */
  async paths(pattern: string): Promise<string[]> {
    if (!pattern.endsWith("*")) return [pattern];
    const start = { $gte: pattern.slice(0, -1), $lt: `${pattern.slice(0, -1)}\uffff` };
    return this.#connection.run("paths", () => this.#connection.jobs.distinct("path", { path: start }));
  }

  /** Documents of raw jobs that are not over, the first queued first. */
  oldestLive(query: OldestQuery): Promise<Job[]> {
    return this.#connection.run("look at raw jobs", () => oldestLive(this.#connection, query));
  }

  /** Frees unique keys that finished jobs still hold. @returns how many, at most `limit` */
  freeDeadKeys(limit: number): Promise<number> {
    return this.#connection.run("free keys", () => freeDeadKeys(this.#connection, limit, true));
  }

  /** How many unique keys finished jobs still hold, at most `limit`. */
  deadKeys(limit: number): Promise<number> {
    return this.#connection.run("look at keys", () => freeDeadKeys(this.#connection, limit, false));
  }
}
