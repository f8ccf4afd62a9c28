import type { JobId, JobLogs, LogChunk, LogLimits } from "@tandemq/core";
import { ObjectId } from "mongodb";
import type { Connection } from "../connection/connection.js";
import { duplicateKey, writeErrorsOf } from "../connection/errors.js";
import { type LogDocument, logChunk, logDocument } from "../documents/log-document.js";
import { trimLog } from "./trim-log.js";

/** Log lines of jobs, in documents of some lines each, deleted 30 days after they were written. */
export class MongoJobLogs implements JobLogs {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  async append(chunks: readonly LogChunk[]): Promise<void> {
    if (chunks.length === 0) return;
    const now = await this.#connection.run("append logs", () => this.#connection.clock.now());
    const documents = chunks.map((chunk) => logDocument(chunk, now));
    await this.#connection.run("append logs", () => insert(this.#connection, documents));
  }

  async trim(jobs: readonly JobId[], limits: LogLimits): Promise<void> {
    for (const job of jobs) await this.#connection.run("trim logs", () => trimLog(this.#connection, job, limits));
  }

  async read(job: JobId, except: readonly string[] = []): Promise<LogChunk[]> {
    const unseen = except.length === 0 ? {} : { _id: { $nin: except.map((id) => ObjectId.createFromHexString(id)) } };
    const find = () => this.#connection.logs.find({ job, ...unseen }, { sort: { at: 1, _id: 1 } }).toArray();
    return (await this.#connection.run("read logs", find)).map(logChunk);
  }
}

/** A chunk that is there already was inserted before, and the answer was lost. */
async function insert({ logs }: Connection, documents: readonly LogDocument[]): Promise<void> {
  try {
    await logs.insertMany(documents, { ordered: false });
  } catch (error) {
    const errors = writeErrorsOf(error);
    if (errors.length === 0 || errors.some(({ code }) => code !== duplicateKey)) throw error;
  }
}
