import type { CancelRequest, QueueRecord, RecordedQueue, Registry, WorkerRecord } from "../ports/registry.js";

/** A registry that lives in this process, for tests. */
export class MemoryRegistry implements Registry {
  readonly #now: () => number;
  readonly #queues = new Map<string, QueueRecord>();
  readonly #cancels = new Map<string, { request: CancelRequest; until: number }>();
  readonly #workers = new Map<string, { record: WorkerRecord; until: number }>();

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  async recordQueue(record: QueueRecord): Promise<RecordedQueue> {
    const found = this.#queues.get(record.name);
    if (!found) this.#queues.set(record.name, record);
    return found ?? { ...record, isNew: true };
  }

  async queues(): Promise<QueueRecord[]> {
    return [...this.#queues.values()];
  }

  async forgetQueue(name: string): Promise<void> {
    this.#queues.delete(name);
  }

  async heartbeat(worker: Omit<WorkerRecord, "seenAt">, ttl: number): Promise<void> {
    const now = this.#now();
    this.#workers.set(worker.id, {
      record: { ...worker, seenAt: new Date(now) },
      until: now + ttl,
    });
  }

  async forgetWorker(id: string): Promise<void> {
    this.#workers.delete(id);
  }

  async workers(): Promise<WorkerRecord[]> {
    const now = this.#now();
    return [...this.#workers.values()].filter(({ until }) => until > now).map(({ record }) => record);
  }

  async requestCancel(requests: readonly CancelRequest[], ttl: number): Promise<void> {
    for (const request of requests) this.#cancels.set(nameOf(request), { request, until: this.#now() + ttl });
  }

  async cancelRequests(): Promise<CancelRequest[]> {
    const now = this.#now();
    return [...this.#cancels.values()].filter(({ until }) => until > now).map(({ request }) => request);
  }

  async dropCancelRequests(requests: readonly CancelRequest[]): Promise<void> {
    for (const request of requests) this.#cancels.delete(nameOf(request));
  }
}

function nameOf({ id, queue, generation }: CancelRequest): string {
  return JSON.stringify([id, queue, generation]);
}
