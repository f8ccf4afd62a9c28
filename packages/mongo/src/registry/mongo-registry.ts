import type { CancelRequest, QueueRecord, RecordedQueue, Registry, WorkerRecord } from "@tandemq/core";
import type { Connection } from "../connection/connection.js";
import { codeOf, duplicateKey } from "../connection/errors.js";
import type { QueueDocument, WorkerDocument } from "../connection/other-documents.js";

/** Most requests to cancel that one look brings. */
const mostCancels = 10_000;

/** Workers and queues, in two small collections beside the jobs. */
export class MongoRegistry implements Registry {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  recordQueue(record: QueueRecord): Promise<RecordedQueue> {
    return this.#connection.run("record queue", () => this.#recordQueue(record));
  }

  async queues(): Promise<QueueRecord[]> {
    const { queues } = this.#connection;
    const found = await this.#connection.run("queues", () => queues.find({ mode: { $exists: true } }).toArray());
    return found.map(recordOf).filter((record) => record !== undefined);
  }

  async forgetQueue(name: string): Promise<void> {
    const { queues } = this.#connection;
    await this.#connection.run("forget queue", () =>
      queues.updateOne({ _id: name }, { $unset: { mode: "", kind: "" } }),
    );
  }

  async heartbeat({ id, ...worker }: Omit<WorkerRecord, "seenAt">, ttl: number): Promise<void> {
    const times = { seenAt: "$$NOW", expiresAt: { $add: ["$$NOW", { $literal: ttl }] } };
    const update = [{ $replaceWith: { $mergeObjects: [{ $literal: { _id: id, ...worker } }, times] } }];
    const { workers } = this.#connection;
    await this.#connection.run("heartbeat", () => workers.updateOne({ _id: id }, update, { upsert: true }));
  }

  async forgetWorker(id: string): Promise<void> {
    const { workers } = this.#connection;
    await this.#connection.run("forget worker", () => workers.deleteOne({ _id: id }));
  }

  async workers(): Promise<WorkerRecord[]> {
    const { workers } = this.#connection;
    const alive = { $expr: { $gt: ["$expiresAt", "$$NOW"] } };
    const found = await this.#connection.run("workers", () => workers.find(alive).toArray());
    return found.map(workerOf);
  }

  async requestCancel(requests: readonly CancelRequest[], ttl: number): Promise<void> {
    if (requests.length === 0) return;
    const update = [{ $set: { expiresAt: { $add: ["$$NOW", { $literal: ttl }] } } }];
    const writes = requests.map((request) => ({
      updateOne: { filter: { _id: cancelId(request) }, update, upsert: true },
    }));
    await this.#connection.run("request cancel", () => this.#connection.cancels.bulkWrite(writes, { ordered: false }));
  }

  async cancelRequests(): Promise<CancelRequest[]> {
    const waiting = { $expr: { $gt: ["$expiresAt", "$$NOW"] } };
    const { cancels } = this.#connection;
    const found = await this.#connection.run("cancel requests", () =>
      cancels.find(waiting).limit(mostCancels).toArray(),
    );
    return found.map(({ _id }) => _id);
  }

  async dropCancelRequests(requests: readonly CancelRequest[]): Promise<void> {
    const { cancels } = this.#connection;
    if (requests.length === 0) return;
    await this.#connection.run("drop cancel requests", () =>
      cancels.deleteMany({ _id: { $in: requests.map(cancelId) } }),
    );
  }

  /** Mode and kind are settled together by whoever comes first. */
  async #recordQueue({ name, mode, kind }: QueueRecord): Promise<RecordedQueue> {
    const { queues } = this.#connection;
    const settled = { mode: { $ifNull: ["$mode", mode] }, kind: { $ifNull: ["$kind", kind] } };
    for (;;) {
      try {
        const options = { upsert: true, returnDocument: "before" } as const;
        const found = await queues.findOneAndUpdate({ _id: name }, [{ $set: settled }], options);
        return (found && recordOf(found)) ?? { name, mode, kind, isNew: true };
      } catch (error) {
        // Two first uses at once: one of them inserted, the other finds it now.
        if (codeOf(error) !== duplicateKey) throw error;
      }
    }
  }
}

function recordOf({ _id, mode, kind }: QueueDocument): QueueRecord | undefined {
  return mode && kind && { name: _id, mode, kind };
}

function workerOf({ _id, expiresAt: _expiresAt, ...worker }: WorkerDocument): WorkerRecord {
  return { id: _id, ...worker };
}

/** Fields in one order: ids that are documents are compared as they are written. */
function cancelId({ id, generation, queue }: CancelRequest): CancelRequest {
  return { id, generation, queue };
}
