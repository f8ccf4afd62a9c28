import type {
  Broker,
  ChangeAnswer,
  Claim,
  ClaimAnswer,
  ClaimRequest,
  EnqueueAnswer,
  ExtendAnswer,
  Hold,
  Job,
  JobChange,
  JobFilter,
  JobRef,
  JobStore,
  NewJob,
  QueueCounts,
  SettleAnswer,
  Settlement,
} from "@tandemq/core";
import { HeldClaims } from "./held-claims.js";

/** What the modes have in common whose jobs wait in Redis and whose documents are elsewhere. */
export abstract class RedisBacked implements Broker {
  protected readonly line: Broker;
  protected readonly store: JobStore;
  protected readonly held: HeldClaims = new HeldClaims();

  /**
   * @param line where the jobs wait
   * @param store where their documents are
   */
  constructor(line: Broker, store: JobStore) {
    this.line = line;
    this.store = store;
  }

  abstract claim(request: ClaimRequest): Promise<ClaimAnswer>;
  abstract settle(settlements: readonly Settlement[]): Promise<SettleAnswer[]>;
  abstract counts(queues: readonly string[]): Promise<Map<string, QueueCounts>>;
  abstract get(refs: readonly JobRef[]): Promise<(Job | undefined)[]>;
  abstract find(filter: JobFilter): Promise<Job[]>;
  abstract cancel(refs: readonly JobRef[]): Promise<ChangeAnswer[]>;
  abstract requeue(refs: readonly JobRef[]): Promise<ChangeAnswer[]>;
  abstract remove(refs: readonly JobRef[]): Promise<ChangeAnswer[]>;
  abstract edit(ref: JobRef, change: JobChange): Promise<ChangeAnswer>;
  abstract purge(queue: string): Promise<number>;

  async start(): Promise<void> {
    await Promise.all([this.line.start(), this.store.start()]);
  }

  async close(): Promise<void> {
    await Promise.all([this.line.close(), this.store.close()]);
  }

  enqueue(jobs: readonly NewJob[]): Promise<EnqueueAnswer[]> {
    return this.line.enqueue(jobs);
  }

  extend(holds: readonly Hold[], lease: number): Promise<ExtendAnswer[]> {
    return this.line.extend(holds, lease);
  }

  waitForWork(queues: readonly string[], wait: { timeout: number; signal?: AbortSignal }): Promise<void> {
    return this.line.waitForWork(queues, wait);
  }

  pause(queue: string): Promise<void> {
    return this.line.pause(queue);
  }

  resume(queue: string): Promise<void> {
    return this.line.resume(queue);
  }

  paused(): Promise<string[]> {
    return this.line.paused();
  }

  /** The deliveries of these settlements as far as this process holds them. */
  protected claimsOf(settlements: readonly Settlement[]): (Claim | undefined)[] {
    return settlements.map((settlement) => this.held.get(settlement));
  }
}

/** Answers of several calls, each about some of the items, in the order of all items. */
export async function inParts<I, A>(
  items: readonly I[],
  isFirst: (item: I, index: number) => boolean,
  first: (items: readonly I[]) => Promise<readonly A[]>,
  second: (items: readonly I[]) => Promise<readonly A[]>,
): Promise<A[]> {
  const flags = items.map(isFirst);
  const run = async (flag: boolean, ask: (items: readonly I[]) => Promise<readonly A[]>) => {
    const part = items.filter((_, i) => flags[i] === flag);
    return part.length === 0 ? [] : await ask(part);
  };
  const answers = { true: await run(true, first), false: await run(false, second) };
  const next = { true: 0, false: 0 };
  return flags.map((flag) => answers[`${flag}`][next[`${flag}`]++] as A);
}
