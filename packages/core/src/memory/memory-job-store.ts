import type { Claim, SettleAnswer, Settlement, ProgressUpdate } from "../model/claim.js";
import { type Job, type JobId, type JobRef, schemaVersion } from "../model/job.js";
import { isFinal, type Status } from "../model/status.js";
import type { ChangeAnswer, JobFilter } from "../ports/broker.js";
import type { JobStore, Run } from "../ports/job-store.js";
import { defaults } from "../rules/defaults.js";
import { matchesFilter } from "../rules/matches-filter.js";
import { reborn } from "../rules/reborn.js";
import type { DepartAnswer, Departure } from "../ports/moves.js";
import { departureHolds, Departures } from "./departures.js";
import { parseParams } from "./enqueue.js";
import { settled, started } from "./transitions.js";

/** A store of job documents that lives in this process, for tests. */
export class MemoryJobStore implements JobStore {
  readonly #now: () => number;
  readonly #jobs = new Map<JobId, Job>();
  /** Documents that were withdrawn. */
  readonly #left = new Set<JobId>();
  readonly #departures = new Departures();

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  async start(): Promise<void> {}
  async close(): Promise<void> {}

  async recordStarts(claims: readonly Claim[], worker: string): Promise<("started" | "final")[]> {
    return claims.map((claim) => this.#recordStart(claim, worker));
  }

  async recordOutcomes(settlements: readonly Settlement[], claims?: readonly Claim[]): Promise<SettleAnswer[]> {
    return settlements.map((settlement, i) => ({ state: this.#recordOutcome(settlement, claims?.[i]) }));
  }

  async recordRuns(runs: readonly Run[]): Promise<SettleAnswer[]> {
    return runs.map(({ settlement, claim, worker }) => ({ state: this.#recordOutcome(settlement, claim, worker) }));
  }

  async recordProgress(updates: readonly ProgressUpdate[]): Promise<void> {
    for (const { id, token, progress } of updates) {
      const job = this.#jobs.get(id);
      if (job?.token === token) this.#put({ ...job, progress });
    }
  }

  async record(jobs: readonly Job[]): Promise<void> {
    for (const job of jobs) if (!this.#isOver(job) && !this.#isTaken(job)) this.#put(withTimes(job, this.#now()));
  }

  async recordRequeue(jobs: readonly { id: JobId; generation: number }[]): Promise<void> {
    for (const { id, generation } of jobs) {
      const job = this.#jobs.get(id);
      if (job && isFinal(job.status) && job.generation < generation) this.#put(reborn(job, this.#now(), generation));
    }
  }

  async recordWaiting(jobs: readonly Job[]): Promise<void> {
    for (const job of jobs) {
      const known = this.#jobs.get(job.id);
      if (known && known.generation >= job.generation && !this.#left.delete(job.id)) continue;
      this.#put(job);
    }
  }

  async withdraw(jobs: readonly Job[]): Promise<ChangeAnswer[]> {
    return jobs.map(({ id, generation }) => {
      const job = this.#jobs.get(id);
      if (!job) return "missing";
      if (isFinal(job.status)) return "final";
      if (job.status === "started" || job.generation !== generation) return "started";
      this.#put({ ...job, generation: generation + 1 });
      this.#left.add(id);
      return "done";
    });
  }

  async forget(ids: readonly JobId[]): Promise<void> {
    for (const id of ids) if (this.#left.delete(id)) this.#jobs.delete(id);
  }

  /** No broker keeps jobs here. */
  async isElsewhere(ids: readonly JobId[]): Promise<boolean[]> {
    return ids.map(() => false);
  }

  async get(ids: readonly JobId[]): Promise<(Job | undefined)[]> {
    return ids.map((id) => this.#jobs.get(id));
  }

  async find(filter: JobFilter): Promise<Job[]> {
    const found = [...this.#jobs.values()].filter((job) => matchesFilter(job, filter));
    return found.sort((a, b) => b.queuedAt.getTime() - a.queuedAt.getTime()).slice(0, filter.limit ?? 100);
  }

  async select(filter: JobFilter): Promise<JobRef[]> {
    const found = [...this.#jobs.values()].filter((job) => matchesFilter(job, filter));
    return found.slice(0, filter.limit).map(({ id, queue }) => ({ id, queue }));
  }

  async counts(queues: readonly string[]): Promise<Map<string, Partial<Record<Status, number>>>> {
    const found = new Map<string, Partial<Record<Status, number>>>(queues.map((queue) => [queue, {}]));
    for (const { queue, status } of this.#jobs.values()) {
      const counts = found.get(queue);
      if (counts) counts[status] = (counts[status] ?? 0) + 1;
    }
    return found;
  }

  async removeEarlier(lives: readonly { id: JobId; generation: number }[]): Promise<void> {
    for (const { id, generation } of lives) {
      const job = this.#jobs.get(id);
      if (job && isFinal(job.status) && job.generation < generation) this.#jobs.delete(id);
    }
  }

  async depart(refs: readonly JobRef[]): Promise<DepartAnswer[]> {
    return refs.map(({ id, queue }) => {
      const job = this.#jobs.get(id);
      if (!job || job.queue !== queue) return "missing";
      if (!isFinal(job.status)) return job.status === "started" ? "started" : "waiting";
      const token = this.#departures.begin(job, this.#now());
      return token === undefined ? "started" : { job, token, heldFor: departureHolds };
    });
  }

  async leave(departures: readonly Departure[]): Promise<ChangeAnswer[]> {
    return departures.map(({ job: { id }, token }) => {
      const job = this.#jobs.get(id);
      if (!job) return "done";
      if (!this.#departures.isAsDeparted(token, job)) return isFinal(job.status) ? "final" : "waiting";
      this.#departures.end(id, token);
      this.#jobs.delete(id);
      return "done";
    });
  }

  async stay(departures: readonly Departure[]): Promise<void> {
    for (const { token, job } of departures) this.#departures.end(job.id, token);
  }

  async remove(ids: readonly JobId[]): Promise<ChangeAnswer[]> {
    return ids.map((id) => {
      const status = this.#jobs.get(id)?.status;
      if (!status) return "missing";
      if (!isFinal(status)) return status === "started" ? "started" : "waiting";
      this.#jobs.delete(id);
      return "done";
    });
  }

  #recordStart(claim: Claim, worker: string): "started" | "final" {
    if (this.#isOver(claim)) return "final";
    const job = this.#jobs.get(claim.id);
    const older = job?.generation === claim.generation && job.deliveries > claim.deliveries;
    if (!older) this.#put(startedDocument(claim, worker, job));
    return "started";
  }

  #recordOutcome(settlement: Settlement, claim?: Claim, worker?: string): "settled" | "lost" {
    const { id, token, generation, outcome, keep } = settlement;
    const job = this.#jobs.get(id) ?? (claim && startedDocument(claim, worker));
    if (job?.token !== token || (generation ?? job.generation) !== job.generation) return "lost";
    if (job.status === "started") this.#put(settled(job, outcome, this.#now(), keep));
    return "settled";
  }

  #isOver({ id, generation }: { id: JobId; generation: number }): boolean {
    const job = this.#jobs.get(id);
    return job !== undefined && (job.generation > generation || (job.generation === generation && isFinal(job.status)));
  }

  /** Whether a delivery that the caller has not seen runs the job. */
  #isTaken({ id, generation, token }: Job): boolean {
    const known = this.#jobs.get(id);
    return known?.status === "started" && known.generation === generation && known.token !== token;
  }

  /** No document has a due time: no broker may claim it. */
  #put(job: Job): void {
    this.#jobs.set(job.id, { ...job, due: undefined });
  }
}

function startedDocument(claim: Claim, worker?: string, known?: Job): Job {
  const { id, queue, path, priority, generation, settings, key, tags, parent, meta, lost } = claim;
  const sameLife = known?.generation === generation;
  const history = sameLife ? known.history : [];
  const progress = sameLife ? known.progress : undefined;
  const params = parseParams(claim.params) ?? {};
  const job: Job = {
    ...{ v: schemaVersion, id, queue, path, params, priority, key, tags, parent, meta, settings, generation },
    ...{ attempt: claim.attempt - 1, deliveries: claim.deliveries - 1, lost, history, progress },
    ...{ status: "queued", queuedAt: new Date(claim.queuedAt) },
  };
  return started(job, claim.token, worker, claim.claimedAt, 0);
}

function withTimes(job: Job, now: number): Job {
  const finishedAt = job.finishedAt ?? new Date(now);
  return { ...job, finishedAt, deleteAt: job.deleteAt ?? new Date(finishedAt.getTime() + defaults.keepResults) };
}
