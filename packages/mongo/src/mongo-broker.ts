import type {
  Broker,
  ChangeAnswer,
  ClaimAnswer,
  ClaimRequest,
  DepartAnswer,
  Departing,
  Departure,
  EnqueueAnswer,
  ExtendAnswer,
  Hold,
  Job,
  JobChange,
  JobRef,
  NewJob,
  ProgressUpdate,
  Outcome,
  ReceiveAnswer,
  SettleAnswer,
  Settlement,
  ShapeOf,
  Token,
  TransactionSession,
  Wakeups,
} from "@tandemq/core";
import { claimAdmitted, claimInTime, endsJob, type InTime, isGiveBack, isRetry } from "@tandemq/core";
import { cancel } from "./change/cancel.js";
import { edit } from "./change/edit.js";
import { purge, remove } from "./change/remove.js";
import { requeue, requeueInto } from "./change/requeue.js";
import { claim } from "./claim/claim.js";
import { dueQueues } from "./claim/due-queues.js";
import type { Connection } from "./connection/connection.js";
import { enqueue } from "./enqueue/enqueue.js";
import { MongoLooker } from "./look/mongo-looker.js";
import { PausedQueues } from "./look/paused-queues.js";
import { arrive } from "./move/arrive.js";
import { depart } from "./move/depart.js";
import { leave, stay } from "./move/leave.js";
import { receive } from "./move/receive.js";
import { begin } from "./settle/begin.js";
import { extend } from "./settle/extend.js";
import { recordProgress } from "./settle/record-progress.js";
import { confirm, hasCompleted } from "./settle/confirm.js";
import { brokerUpdates, settle } from "./settle/settle.js";
import { enqueueWithin } from "./transaction/enqueue-within.js";
import { ChangeStreamWakeups } from "./wake/change-stream-wakeups.js";
import { type Hearing, type Wait, WorkWaiter } from "./wake/work-waiter.js";

export interface MongoBrokerOptions {
  /** How each queue is ordered. Default: first in, first out. */
  readonly shapeOf?: ShapeOf;
}

/** Regular queues: jobs wait, run and end in one collection of MongoDB. */
export class MongoBroker extends MongoLooker implements Broker {
  readonly #wakeups: Wakeups;
  readonly #paused: PausedQueues;
  readonly #waiter: WorkWaiter;

  /** @param wakeups tells others of work, and is told by them; shared with other parts, and not closed here */
  constructor(connection: Connection, wakeups: Wakeups, { shapeOf }: MongoBrokerOptions = {}) {
    super(connection, shapeOf);
    this.#wakeups = wakeups;
    this.#paused = new PausedQueues(connection);
    this.#waiter = new WorkWaiter(connection, this.#paused, wakeups, () => this.#hears());
  }

  async start(): Promise<void> {
    await this.connection.start();
  }

  /** Stops listening and waiting. The connection is its owner's, who closes it. */
  async close(): Promise<void> {
    this.#waiter.close();
  }

  enqueue(jobs: readonly NewJob[]): Promise<EnqueueAnswer[]> {
    return this.#then(
      jobs,
      this.run("enqueue", () => enqueue(this.connection, jobs, this.shapeOf)),
    );
  }

  enqueueWithin(session: TransactionSession, jobs: readonly NewJob[]): Promise<EnqueueAnswer[]> {
    return enqueueWithin(this.connection, session, jobs, { ended: () => this.#wake(jobs), shapeOf: this.shapeOf });
  }

  claim(request: ClaimRequest): Promise<ClaimAnswer> {
    if (!request.admit) return this.#claimAny(request);
    return claimAdmitted(request, {
      claim: (one) => this.#claimAny(one),
      settle: (settlements) => this.settle(settlements),
    });
  }

  async #claimAny(request: ClaimRequest): Promise<ClaimAnswer> {
    const { queues, max } = request;
    const isQuiet = this.#waiter.beginClaim(queues) && this.connection.doubts.size === 0;
    try {
      const isEmpty = isQuiet && (await this.run("claim", () => this.#waiter.isEmpty(queues)));
      const answer = isEmpty ? { claims: [], setAside: [] } : await claimInTime(this.#inTime, request);
      if (answer.claims.length < max && !answer.more) this.#waiter.emptied(queues);
      return answer;
    } catch (error) {
      this.#waiter.board.wake(queues);
      throw error;
    }
  }

  async #hears(): Promise<Hearing> {
    if (!(this.#wakeups instanceof ChangeStreamWakeups)) return "ours";
    return (await this.connection.start()).tellsChanges ? "all" : "nothing";
  }

  extend(holds: readonly Hold[], lease: number): Promise<ExtendAnswer[]> {
    return this.run("extend", () => extend(this.connection, holds, lease));
  }

  begin(holds: readonly Hold[]): Promise<void> {
    return this.run("begin", () => begin(this.connection, holds));
  }

  async settle(settlements: readonly Settlement[]): Promise<SettleAnswer[]> {
    return hasCompleted(settlements) ? this.#settleCompleted(settlements) : this.#settle(settlements);
  }

  /** What did not commit is settled as the task left it to be. */
  async #settleCompleted(settlements: readonly Settlement[]): Promise<SettleAnswer[]> {
    const confirmed = await this.run("settle", () => confirm(this.connection, settlements));
    const open = confirmed.filter((one) => "outcome" in one);
    const answers = await this.#settle(open);
    const ended = settlements.filter((_, i) => "state" in (confirmed[i] as object)).map(({ id }) => id);
    if (ended.length > 0) this.#wakeups.finished(ended);
    let next = 0;
    return confirmed.map((one): SettleAnswer => {
      if ("state" in one) return one;
      const answer = answers[next++] ?? { state: "lost" };
      return answer.state === "settled" ? { ...answer, as: one.outcome } : answer;
    });
  }

  async #settle(settlements: readonly Settlement[]): Promise<SettleAnswer[]> {
    const answers = await this.run("settle", () => settle(this.connection, settlements, { updates: brokerUpdates }));
    const done = settlements.filter((_, i) => answers[i]?.state === "settled");
    const open = done.filter(({ outcome }) => !endsJob(outcome));
    this.connection.turns.cameBack(open);
    this.#wakeFor(open);
    const ended = done.filter(({ outcome }) => endsJob(outcome)).map(({ id }) => id);
    if (ended.length > 0) this.#wakeups.finished(ended);
    return answers;
  }

  recordProgress(updates: readonly ProgressUpdate[]): Promise<void> {
    return this.run("record progress", () => recordProgress(this.connection, updates));
  }

  waitForWork(queues: readonly string[], wait: Wait): Promise<void> {
    return this.#waiter.wait(queues, wait);
  }

  async cancel(refs: readonly JobRef[]): Promise<ChangeAnswer[]> {
    const answers = await this.run("cancel", () => cancel(this.connection, refs));
    const ended = refs.filter((_, i) => answers[i] === "done").map(({ id }) => id);
    if (ended.length > 0) this.#wakeups.finished(ended);
    return answers;
  }

  depart(refs: readonly JobRef[], which?: Departing, mover?: Token): Promise<DepartAnswer[]> {
    return this.run("depart", () => depart(this.connection, refs, { which, mover }));
  }

  leave(departures: readonly Departure[]): Promise<ChangeAnswer[]> {
    return this.run("leave", () => leave(this.connection, departures));
  }

  stay(departures: readonly Departure[]): Promise<void> {
    return this.run("stay", () => stay(this.connection, departures));
  }

  receive(jobs: readonly Job[], parkedFor: number, mover?: Token): Promise<ReceiveAnswer[]> {
    const how = { parkedFor, mover, shapeOf: this.shapeOf };
    return this.run("receive", () => receive(this.connection, jobs, how));
  }

  arrive(jobs: readonly Job[]): Promise<void> {
    return this.#then(
      jobs,
      this.run("arrive", () => arrive(this.connection, jobs)),
    );
  }

  edit(refs: readonly JobRef[], change: JobChange): Promise<ChangeAnswer[]> {
    const edited = this.run("edit", () => edit(this.connection, refs, change, this.shapeOf));
    return this.#then(change.queue === undefined ? refs : [{ queue: change.queue }], edited);
  }

  requeue(refs: readonly JobRef[]): Promise<ChangeAnswer[]> {
    return this.#then(
      refs,
      this.run("requeue", () => requeue(this.connection, refs)),
    );
  }

  requeueInto(refs: readonly JobRef[], queue: string): Promise<ChangeAnswer[]> {
    return this.#then(
      [{ queue }],
      this.run("requeue", () => requeueInto(this.connection, refs, queue, this.shapeOf)),
    );
  }

  remove(refs: readonly JobRef[]): Promise<ChangeAnswer[]> {
    return this.run("remove", () => remove(this.connection, refs));
  }

  purge(queue: string): Promise<number> {
    return this.run("purge", () => purge(this.connection, queue));
  }

  pause(queue: string): Promise<void> {
    return this.run("pause", () => this.#paused.set(queue, true));
  }

  resume(queue: string): Promise<void> {
    const resumed = this.run("resume", () => this.#paused.set(queue, false));
    return queue.endsWith("/") ? this.#resumeTree(queue, resumed) : this.#then([{ queue }], resumed);
  }

  paused(): Promise<string[]> {
    return this.run("paused", () => this.#paused.all());
  }

  readonly #inTime: InTime = {
    claim: (request) => this.run("claim", () => this.#claim(request)),
    get: (refs) => this.get(refs),
    settle: (settlements) => this.settle(settlements),
  };

  async #claim(request: ClaimRequest): Promise<ClaimAnswer> {
    const queues = await this.#paused.open(request.queues);
    if (request.paths) this.#waiter.filtered = true;
    const { claims, setAside } = await claim(this.connection, { ...request, queues }, this.shapeOf);
    if (claims.length > 0) this.#waiter.found();
    return { claims, setAside };
  }

  async #resumeTree(tree: string, resumed: Promise<void>): Promise<void> {
    await resumed;
    this.#wake(await this.run("resume", () => dueQueues(this.connection, (queue) => queue.startsWith(tree))));
  }

  /** Wakes whoever waits for these queues once the work is there. */
  async #then<T>(places: readonly { queue: string }[], done: Promise<T>): Promise<T> {
    const answer = await done;
    this.#wake(places);
    return answer;
  }

  /** Jobs that are put off under a limit are nobody else's business: their next claimer is told when they are due. */
  #wakeFor(settlements: readonly Settlement[]): void {
    const limited = (outcome: Outcome) =>
      isGiveBack(outcome) && outcome.limited === true && outcome.delay !== undefined;
    this.#wake(settlements.filter(({ outcome }) => !limited(outcome)).map(placeAfter));
    this.#waiter.board.wake(settlements.map(({ queue }) => queue));
  }

  #wake(places: readonly { queue: string }[]): void {
    if (places.length === 0) return;
    const queues = [...new Set(places.map(({ queue }) => queue))];
    this.#waiter.board.wake(queues);
    this.#wakeups.work(queues);
  }
}

/** Where the job waits after a settlement that does not end it. */
function placeAfter({ queue, outcome }: Settlement): { queue: string } {
  return { queue: (isRetry(outcome) && outcome.queue) || queue };
}
