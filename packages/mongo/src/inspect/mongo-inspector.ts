import type { Document } from "mongodb";
import type { Connection } from "../connection/connection.js";
import { missingIndexes } from "../schema/ensure-indexes.js";
import { type ValidatorState, validatorState } from "../schema/ensure-validator.js";
import { jobIndexes, workerIndexes } from "../schema/indexes.js";
import { prepare } from "../schema/prepare.js";

/** What a MongoDB server tells of itself; what it does not tell is `undefined`. */
export interface MongoFacts {
  readonly version: string | undefined;
  readonly layout: "standalone" | "replica set" | "sharded";
  readonly setName: string | undefined;
  /** Members that hold data. */
  readonly members: number;
  readonly arbiters: number;
  /** Whether writes that the majority has acknowledged are in its journals. */
  readonly majorityIsJournaled: boolean | undefined;
}

/** Looks at one MongoDB for an operator; `prepare` alone changes something. */
export class MongoInspector {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** The address as it may be shown. */
  get where(): string {
    return this.#connection.address;
  }

  /** @returns milliseconds that an answer took */
  async ping(): Promise<number> {
    await this.#command({ ping: 1 });
    const began = performance.now();
    await this.#command({ ping: 1 });
    return performance.now() - began;
  }

  /** The server's time, milliseconds since the epoch. */
  async time(): Promise<number> {
    return ((await this.#command({ hello: 1 }))["localTime"] as Date).getTime();
  }

  async facts(): Promise<MongoFacts> {
    const [build, hello] = [await this.#command({ buildInfo: 1 }), await this.#command({ hello: 1 })];
    const setName = hello["setName"] as string | undefined;
    return {
      version: build["version"] as string | undefined,
      layout: setName !== undefined ? "replica set" : hello["msg"] === "isdbgrid" ? "sharded" : "standalone",
      setName,
      members: listOf(hello["hosts"]).length + listOf(hello["passives"]).length,
      arbiters: listOf(hello["arbiters"]).length,
      majorityIsJournaled: setName === undefined ? undefined : await this.#isMajorityJournaled(),
    };
  }

  /** Names of our indexes that do not exist, or exist otherwise. */
  async missingIndexes(): Promise<string[]> {
    const { jobs, workers } = this.#connection;
    return this.#connection.run("look at the indexes", async () => {
      const missing = [await missingIndexes(jobs, jobIndexes), await missingIndexes(workers, workerIndexes)];
      return missing.flat().map(({ name }) => name);
    });
  }

  /** How the validator of the collection of jobs stands to ours. */
  validator(): Promise<ValidatorState> {
    const { db, jobs } = this.#connection;
    return this.#connection.run("look at the validator", () => validatorState(db, jobs.collectionName));
  }

  /** Creates what is missing of collections, validator and indexes. */
  async prepare(): Promise<void> {
    await this.#connection.run("prepare", () => prepare(this.#connection));
  }

  /** Only who may read the set's configuration can tell. */
  async #isMajorityJournaled(): Promise<boolean | undefined> {
    try {
      const { config } = await this.#connection.client.db("admin").command({ replSetGetConfig: 1 });
      return (config as Document)["writeConcernMajorityJournalDefault"] !== false;
    } catch {
      return undefined;
    }
  }

  #command(command: Document): Promise<Document> {
    return this.#connection.run("inspect", () => this.#connection.db.command(command));
  }
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}
