import type {
  ChangeAnswer,
  Claim,
  DepartAnswer,
  Departure,
  Job,
  JobFilter,
  JobId,
  JobRef,
  JobStore,
  ProgressUpdate,
  Run,
  SettleAnswer,
  Settlement,
  Status,
  Wakeups,
} from "@tandemq/core";
import { endsJob } from "@tandemq/core";
import type { Connection } from "../connection/connection.js";
import { ofBroker, ofStore } from "../documents/filters.js";
import { counts } from "../look/counts.js";
import { find } from "../look/find.js";
import { get } from "../look/get.js";
import { select } from "../look/select.js";
import { depart } from "../move/depart.js";
import { leave, stay } from "../move/leave.js";
import { recordProgress } from "../settle/record-progress.js";
import { recordJobs } from "./record-jobs.js";
import { recordOutcomes } from "./record-outcomes.js";
import { recordRequeue } from "./record-requeue.js";
import { recordRuns } from "./record-runs.js";
import { recordStarts } from "./record-starts.js";
import { removeEarlier } from "./remove-earlier.js";
import { recordWaiting } from "./record-waiting.js";
import { removeFinal } from "./remove-final.js";
import { forget, withdraw } from "./withdraw.js";

/** The documents of jobs that wait in Redis, in the collection of the regular jobs. */
export class MongoJobStore implements JobStore {
  readonly #connection: Connection;
  readonly #wakeups: Wakeups;

  constructor(connection: Connection, wakeups: Wakeups) {
    this.#connection = connection;
    this.#wakeups = wakeups;
  }

  async start(): Promise<void> {
    await this.#connection.start();
  }

  /** The connection is its owner's, who closes it. */
  async close(): Promise<void> {}

  recordStarts(claims: readonly Claim[], worker: string): Promise<("started" | "final")[]> {
    return this.#run("record starts", () => recordStarts(this.#connection, claims, worker));
  }

  async recordOutcomes(settlements: readonly Settlement[], claims?: readonly Claim[]): Promise<SettleAnswer[]> {
    const answers = await this.#run("record outcomes", () => recordOutcomes(this.#connection, settlements, claims));
    this.#finished(settlements.filter(({ outcome }, i) => answers[i]?.state === "settled" && endsJob(outcome)));
    return answers;
  }

  async recordRuns(runs: readonly Run[]): Promise<SettleAnswer[]> {
    const answers = await this.#run("record runs", () => recordRuns(this.#connection, runs));
    this.#finished(runs.filter((_, i) => answers[i]?.state === "settled").map(({ settlement }) => settlement));
    return answers;
  }

  recordProgress(updates: readonly ProgressUpdate[]): Promise<void> {
    return this.#run("record progress", () => recordProgress(this.#connection, updates));
  }

  async record(jobs: readonly Job[]): Promise<void> {
    await this.#run("record jobs", () => recordJobs(this.#connection, jobs));
    this.#finished(jobs);
  }

  recordRequeue(jobs: readonly { id: JobId; generation: number }[]): Promise<void> {
    return this.#run("record requeue", () => recordRequeue(this.#connection, jobs));
  }

  recordWaiting(jobs: readonly Job[]): Promise<void> {
    return this.#run("record waiting jobs", () => recordWaiting(this.#connection, jobs));
  }

  withdraw(jobs: readonly Job[]): Promise<ChangeAnswer[]> {
    return this.#run("withdraw", () => withdraw(this.#connection, jobs));
  }

  forget(ids: readonly JobId[]): Promise<void> {
    return this.#run("forget", () => forget(this.#connection, ids));
  }

  isElsewhere(ids: readonly JobId[]): Promise<boolean[]> {
    return this.#run("look elsewhere", async () => {
      const found = await get(this.#connection, ids, ofBroker);
      return ids.map((id) => found.has(id));
    });
  }

  async get(ids: readonly JobId[]): Promise<(Job | undefined)[]> {
    const found = await this.#run("get", () => get(this.#connection, ids, ofStore));
    return ids.map((id) => found.get(id));
  }

  find(filter: JobFilter): Promise<Job[]> {
    return this.#run("find", () => find(this.#connection, { ...filter, order: "newest" }, ofStore));
  }

  select(filter: JobFilter): Promise<JobRef[]> {
    return this.#run("select", () => select(this.#connection, filter, ofStore));
  }

  counts(queues: readonly string[]): Promise<Map<string, Partial<Record<Status, number>>>> {
    return this.#run("counts", () => counts(this.#connection, queues, ofStore));
  }

  removeEarlier(lives: readonly { id: JobId; generation: number }[]): Promise<void> {
    return this.#run("removeEarlier", () => removeEarlier(this.#connection, lives));
  }

  depart(refs: readonly JobRef[]): Promise<DepartAnswer[]> {
    return this.#run("depart", () => depart(this.#connection, refs, { which: "final", home: ofStore }));
  }

  leave(departures: readonly Departure[]): Promise<ChangeAnswer[]> {
    return this.#run("leave", () => leave(this.#connection, departures, ofStore));
  }

  stay(departures: readonly Departure[]): Promise<void> {
    return this.#run("stay", () => stay(this.#connection, departures, ofStore));
  }

  remove(ids: readonly JobId[]): Promise<ChangeAnswer[]> {
    return this.#run("remove", () => removeFinal(this.#connection, ids));
  }

  #finished(jobs: readonly { id: JobId }[]): void {
    if (jobs.length > 0) this.#wakeups.finished(jobs.map(({ id }) => id));
  }

  #run<T>(what: string, operation: () => Promise<T>): Promise<T> {
    return this.#connection.run(what, operation);
  }
}
