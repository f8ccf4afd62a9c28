import {
  type CancelRequest,
  type QueueRecord,
  queueKinds,
  queueModes,
  type RecordedQueue,
  type Registry,
  type Wakeups,
  type WorkerRecord,
} from "@tandemq/core";
import type { Connections } from "./connection/connections.js";
import { pieces } from "./broker-context.js";
import { heartbeat, requestCancel, workers as workersScript } from "./generated/lua.js";
import type { Keyspace } from "./keys.js";

const page = 500;

/** Most requests to cancel that one look brings. */
const mostCancels = 10_000;

/** Queue records and workers' heartbeats in Redis, by its clock. */
export class RedisRegistry implements Registry {
  readonly #connections: Connections;
  readonly #keys: Keyspace;
  readonly #wakeups: Wakeups;

  constructor(connections: Connections, keys: Keyspace, wakeups: Wakeups) {
    this.#connections = connections;
    this.#keys = keys;
    this.#wakeups = wakeups;
  }

  /**
   * Looks first: a server whose memory is full takes no record, also of a queue that it has. A queue that is new is told
   * to all: nobody waits for work of it yet, so its first job would wake no one.
   */
  async recordQueue(record: QueueRecord): Promise<RecordedQueue> {
    const { records } = this.#keys;
    const { name, mode, kind } = record;
    const known = await this.#record(name);
    if (known) return known;
    const text = JSON.stringify({ name, mode, kind });
    const added = await this.#connections.command("producer", (client) => client.hsetnx(records, name, text));
    if (added === 1) this.#wakeups.work([name]);
    if (added === 1) return { ...record, isNew: true };
    return (await this.#record(name)) ?? this.#replace(record, text);
  }

  async queues(): Promise<QueueRecord[]> {
    const found = await this.#connections.command("producer", (client) => client.hgetall(this.#keys.records));
    return Object.entries(found)
      .map(([name, text]) => readQueue(name, text))
      .filter((record) => record !== undefined);
  }

  async forgetQueue(name: string): Promise<void> {
    await this.#connections.command("producer", (client) => client.hdel(this.#keys.records, name));
  }

  async heartbeat(worker: Omit<WorkerRecord, "seenAt">, ttl: number): Promise<void> {
    await this.#connections.run("producer", heartbeat, this.#keys.workers, [worker.id, JSON.stringify(worker), ttl]);
  }

  async forgetWorker(id: string): Promise<void> {
    const [records, lapses] = this.#keys.workers;
    await this.#connections.command("producer", (client) => client.zrem(lapses, id));
    await this.#connections.command("producer", (client) => client.hdel(records, id));
  }

  async workers(): Promise<WorkerRecord[]> {
    const found: WorkerRecord[] = [];
    for (let start = 0; ; start += page) {
      const reply = await this.#connections.run("producer", workersScript, this.#keys.workers, [start, page]);
      const texts = reply as (string | null)[];
      found.push(...texts.map(readWorker).filter((record) => record !== undefined));
      if (texts.length < page) return found;
    }
  }

  async requestCancel(requests: readonly CancelRequest[], ttl: number): Promise<void> {
    for (const piece of pieces(requests, page)) {
      const args = [ttl, ...piece.map(writeCancel)];
      await this.#connections.run("producer", requestCancel, [this.#keys.cancels], args);
    }
    this.#wakeups.cancel();
  }

  async cancelRequests(): Promise<CancelRequest[]> {
    const found = await this.#connections.command("producer", (client) =>
      client.zrange(this.#keys.cancels, "0", String(mostCancels - 1)),
    );
    return found.map(readCancel);
  }

  async dropCancelRequests(requests: readonly CancelRequest[]): Promise<void> {
    for (const piece of pieces(requests, page)) {
      await this.#connections.command("producer", (client) =>
        client.zrem(this.#keys.cancels, ...piece.map(writeCancel)),
      );
    }
  }

  async #record(name: string): Promise<QueueRecord | undefined> {
    return readQueue(
      name,
      await this.#connections.command("producer", (client) => client.hget(this.#keys.records, name)),
    );
  }

  /** A record that cannot be read, or that vanished meanwhile, settles nothing. */
  async #replace(record: QueueRecord, text: string): Promise<QueueRecord> {
    await this.#connections.command("producer", (client) => client.hset(this.#keys.records, record.name, text));
    return record;
  }
}

function readQueue(name: string, text: string | null): QueueRecord | undefined {
  const value = parse(text);
  const mode = queueModes.find((one) => one === value?.["mode"]);
  const kind = queueKinds.find((one) => one === value?.["kind"]);
  return mode && kind ? { name, mode, kind } : undefined;
}

function readWorker(text: string | null): WorkerRecord | undefined {
  if (text === null) return undefined;
  const end = text.indexOf("\n");
  const value = parse(text.slice(end + 1));
  if (!value || typeof value["id"] !== "string") return undefined;
  const startedAt = new Date(String(value["startedAt"]));
  return { ...(value as unknown as WorkerRecord), startedAt, seenAt: new Date(Number(text.slice(0, end))) };
}

function parse(text: string | null): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text ?? "");
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function writeCancel({ id, generation, queue }: CancelRequest): string {
  return `${id} ${generation} ${queue}`;
}

function readCancel(text: string): CancelRequest {
  const [id = "", generation = "", ...queue] = text.split(" ");
  return { id, generation: Number(generation), queue: queue.join(" ") };
}
