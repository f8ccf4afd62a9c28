import {
  type Claim,
  endsJob,
  isGiveBack,
  isRetry,
  type Json,
  type Outcome,
  type RetryOutcome,
  type SetAside,
  type Source,
  Enqueuer,
  type NewJob,
  toJobError,
  isOpen,
  InvalidOptionError,
  type QueueCounts,
} from "@tandemq/core";
import type { Delivery } from "../delivery.js";
import type { Emitter, WorkerEnd, WorkerEvents } from "../events.js";
import type { AbortReason, LogLine } from "../executor/assignment.js";
import type { Action, TakeAnswer } from "../executor/take-action.js";
import type { SubJobAnswer } from "../executor/sub-jobs.js";
import type { WorkerSettings } from "../options.js";
import { type Pools, createPools } from "../pools/create-pools.js";
import type { Blocked, ChildEnd, PoolListener } from "../pools/executor-pool.js";
import { refusalOf } from "../pools/needs-children.js";
import type { Catalog, TaskFault } from "../tasks/task-registry.js";
import { Admission } from "./admission/admission.js";
import { Budget } from "./budget.js";
import { Burst } from "./burst.js";
import { Canceller } from "./canceller.js";
import { Changes } from "./changes.js";
import { Dispatcher } from "./dispatcher.js";
import { Fetcher } from "./fetcher.js";
import { Housekeeper } from "./housekeeper.js";
import { LeaseKeeper } from "./lease-keeper.js";
import { Ledger } from "./ledger.js";
import { LogKeeper } from "./log-keeper.js";
import { PoolLog } from "./pool-log.js";
import { ProgressKeeper } from "./progress-keeper.js";
import { Redaction } from "./redaction.js";
import type { WorkerReport } from "./report.js";
import { Prefetch } from "./prefetch.js";
import { queueOrder } from "./queue-order.js";
import { Reporter } from "./reporter.js";
import { withQueueChecked } from "./retry-queue.js";
import { Settler } from "./settler.js";
import { Shutdown, type StopHow, type Stoppable } from "./shutdown.js";
import { Slots } from "./slots.js";
import { Statistics } from "./statistics.js";

/**
 * Owns every claim, lease and settlement of one worker: fetchers claim as many jobs as slots are free, the dispatcher
 * sends them to a pool, settlers settle what comes back, the lease keeper holds what is held.
 */
export class Supervisor implements PoolListener, Stoppable {
  readonly #settings: WorkerSettings;
  readonly #events: Emitter<WorkerEvents>;
  readonly #log: PoolLog;
  readonly #statistics = new Statistics();
  readonly #changes = new Changes();
  readonly #ledger: Ledger = new Ledger(() => this.#changed());
  readonly #pools: Pools;
  readonly #slots: Slots;
  readonly #prefetch: Prefetch;
  readonly #budget: Budget;
  readonly #dispatcher: Dispatcher;
  readonly #admission: Admission;
  readonly #shutdown: Shutdown;
  readonly #settlers = new Map<Source, Settler>();
  readonly #onError = (error: unknown): void => this.#events.emit("error", error);
  #fetchers: Fetcher[] = [];
  #sources: readonly Source[] = [];
  #keeper: LeaseKeeper | undefined;
  #reporter: Reporter | undefined;
  #canceller: Canceller | undefined;
  readonly #redaction: Redaction;
  #stopListening: (() => void) | undefined;
  #housekeeper: Housekeeper | undefined;
  readonly #enqueuer: Enqueuer;
  #logs: LogKeeper | undefined;
  readonly #progress: ProgressKeeper;
  #burst: Burst | undefined;
  #timer: NodeJS.Timeout | undefined;
  readonly #casualties = { killed: 0, lost: 0 };
  #catalog: Catalog = {};
  #state = "starting";

  constructor(settings: WorkerSettings, events: Emitter<WorkerEvents>) {
    this.#settings = settings;
    this.#events = events;
    this.#log = new PoolLog(settings.logger);
    this.#redaction = new Redaction(settings.redactor);
    this.#enqueuer = new Enqueuer(settings.deployment);
    this.#progress = new ProgressKeeper(settings.logger, this.#onError);
    this.#pools = createPools(settings, this);
    this.#budget = new Budget(settings.maxJobs);
    const capacity = settings.concurrency * Math.max(1, settings.processes);
    const { main, solo } = this.#pools;
    // An exact number of jobs, or a run until nothing is due, leaves nothing to claim ahead.
    this.#prefetch = new Prefetch(settings.maxJobs === undefined && !settings.burst ? 2 * capacity : 0);
    this.#slots = new Slots(
      () => this.#free(capacity),
      () => (this.#prefetch.room > 0 ? capacity / 2 : capacity),
    );
    this.#dispatcher = new Dispatcher({
      ...{ ledger: this.#ledger, main, solo, maxLost: settings.maxLost },
      catalog: () => this.#catalog,
      ...(settings.processes === 0 ? { refusal: refusalOf } : {}),
      settle: (delivery, outcome) => this.ended(delivery, outcome, undefined),
    });
    this.#admission = new Admission({ ...settings, onError: this.#onError });
    this.#shutdown = new Shutdown(this, settings, settings.logger);
  }

  /** Starts children and stores side by side; resolves when the first job can run. */
  async start(): Promise<void> {
    const { deployment, queues } = this.#settings;
    const pools = this.#pools.main.start();
    pools.catch(() => {});
    await deployment.start();
    const sources = await deployment.sources(queues);
    await pools;
    if (this.#state === "starting") this.#serve(sources);
  }

  /** After a start that failed or was cancelled: ends what was started. */
  async abandon(): Promise<void> {
    this.#state = "stopping";
    await Promise.all([this.#pools.main.stop(), this.#pools.solo.stop()]);
  }

  stop(how: StopHow): Promise<WorkerEnd> {
    if (this.#state !== "stopping") this.#settings.logger.info({ how }, "the worker stops");
    this.#state = "stopping";
    this.#events.emit("stopping", how);
    return this.#shutdown.ask(how);
  }

  /** Resolves when the worker has ended, whoever asked for it. */
  get stopped(): Promise<WorkerEnd> {
    return this.#shutdown.end;
  }

  get state(): string {
    return this.#state;
  }

  report(): WorkerReport | undefined {
    return this.#reporter?.report();
  }

  #serve(sources: readonly Source[]): void {
    this.#sources = sources;
    refuseMixture(sources, this.#settings);
    const { logger, maxTime, burst, lease, extendEvery } = this.#settings;
    for (const source of sources) this.#settlers.set(source, new Settler(source, this.#settlerListener(), logger));
    this.#logs = new LogKeeper(this.#settings.deployment.logs, logger, this.#onError);
    if (burst) this.#burst = new Burst(sources);
    this.#fetchers = sources.map((source) => this.#fetcher(source));
    this.#keeper = new LeaseKeeper({
      ...{ lease, extendEvery, sources, logger, onError: this.#onError },
      held: () => this.#ledger,
      onLost: (delivery) => this.#lost(delivery),
    });
    this.#reporter = this.#createReporter(sources);
    this.#housekeeper = new Housekeeper({
      ...{ chores: this.#settings.deployment.chores(), every: this.#settings.maintenance, logger },
      isBusy: () => this.#pools.main.free === 0,
      onError: this.#onError,
    });
    if (maxTime !== undefined) this.#timer = setTimeout(() => void this.stop("drain"), maxTime);
    this.#state = "running";
    this.#reporter.start();
    this.#keeper.start();
    this.#canceller = this.#createCanceller(sources);
    this.#canceller.start();
    this.#stopListening = this.#settings.deployment.onCancel?.(() => this.#canceller?.hurry());
    this.#housekeeper.start();
    for (const fetcher of this.#fetchers) fetcher.start();
  }

  /** Jobs that can be claimed now; many that wait to run alone leave less room. */
  #free(capacity: number): number {
    const { main, solo } = this.#pools;
    const ahead = this.#prefetch.room - this.#dispatcher.waiting;
    return main.free + ahead - Math.max(0, solo.waiting - capacity);
  }

  #fetcher(source: Source): Fetcher {
    const { lease, session, logger, burst, strategy, weights, only, except } = this.#settings;
    return new Fetcher({
      ...{ source, lease, session, logger, slots: this.#slots, budget: this.#budget },
      admission: this.#admission,
      order: queueOrder(strategy, weights),
      ...(isOpen({ only, except }) ? {} : { paths: { only, except } }),
      onError: this.#onError,
      settler: this.#settlerOf(source),
      look: burst ? 100 : 2000,
      onClaims: (claims) => this.#claimed(claims, source),
      onSetAside: (aside) => this.#setAside(aside),
      onAnswer: (ms) => this.#prefetch.claimed(ms),
      onEmpty: (_, began) => this.#empty(source, began),
    });
  }

  #createCanceller(sources: readonly Source[]): Canceller {
    const { deployment, killAfter, logger } = this.#settings;
    const { main, solo } = this.#pools;
    return new Canceller({
      ...{ registry: deployment.registry, sources, killAfter, logger, onError: this.#onError },
      running: () => this.running(),
      abort: (deliveries) => this.#abort(deliveries, "cancel"),
      kill: (delivery, outcome) => {
        main.kill(delivery, outcome);
        solo.kill(delivery, outcome);
      },
    });
  }

  #createReporter(sources: readonly Source[]): Reporter {
    return new Reporter({
      ...{
        settings: this.#settings,
        ledger: this.#ledger,
        statistics: this.#statistics,
        logger: this.#settings.logger,
      },
      ...this.#pools,
      onError: this.#onError,
      registry: this.#settings.deployment.registry,
      queues: () => sources.flatMap((source) => source.queues()),
      tasks: () => Object.keys(this.#catalog),
      state: () => this.#state,
    });
  }

  #settlerOf(source: Source): Settler {
    const settler = this.#settlers.get(source);
    if (!settler) throw new Error(`no settler for ${source.name}`);
    return settler;
  }

  #settlerListener(): ConstructorParameters<typeof Settler>[1] {
    return {
      settled: (delivery, outcome) => {
        this.#statistics.settled(delivery, outcome);
        this.#canceller?.over(delivery, outcome);
        this.#burst?.settled();
        this.#ledger.close(delivery);
        this.#admission.over(delivery);
        this.#events.emit("settle", delivery, outcome);
      },
      lost: (delivery) => this.#lost(delivery),
      failed: this.#onError,
    };
  }

  #claimed(claims: readonly Claim[], source: Source): void {
    this.#statistics.claimed(claims);
    this.#events.emit("claim", claims.length, source.name);
    this.#canceller?.wake();
    this.#admission.opened(claims);
    this.#dispatcher.dispatch(claims, source);
    if (this.#budget.empty) void this.stop("drain");
  }

  #setAside(aside: readonly SetAside[]): void {
    for (const one of aside) {
      const { queue, id, reason } = one;
      this.#settings.logger.error({ queue, id, reason }, `an entry that cannot be a job was set aside: ${one.reason}`);
      this.#events.emit("setAside", one);
    }
  }

  #empty(source: Source, began: number): void {
    this.#burst?.sawEmpty(source, began);
    if (this.#burst?.over && this.#ledger.size === 0 && this.#state === "running") void this.#endBurst();
  }

  /** Nothing is due here; whether anything runs elsewhere, and may leave more, the stores know. */
  async #endBurst(): Promise<void> {
    if (this.#settings.untilIdle) {
      const busy = this.#sources.map(async ({ broker, queues }) => runsAny(await broker.counts(queues())));
      if ((await Promise.all(busy).catch(() => [true])).includes(true)) return;
    }
    if (this.#ledger.size === 0 && this.#state === "running") void this.stop("drain");
  }

  #lost(delivery: Delivery): void {
    const { id, path, queue } = delivery.claim;
    const running = delivery.state === "running";
    this.#statistics.lost++;
    this.#settings.logger.warn({ job: id, path, queue }, "the delivery was lost: another one owns or ended the job");
    this.#ledger.close(delivery);
    this.#admission.over(delivery);
    this.#canceller?.over(delivery);
    if (running) this.#abort([delivery], "lost");
    this.#events.emit("lost", delivery);
    this.#changed();
  }

  #abort(deliveries: readonly Delivery[], reason: AbortReason): void {
    this.#pools.main.abort(deliveries, reason);
    this.#pools.solo.abort(deliveries, reason);
  }

  #changed(): void {
    this.#changes.notify();
  }

  ended(delivery: Delivery, reached: Outcome | undefined, keep: number | undefined): void {
    const outcome = reached && this.#canceller ? this.#canceller.outcomeOf(delivery, reached) : reached;
    if (outcome && isGiveBack(outcome) && outcome.limitKeys) return void this.#askLimits(delivery, outcome.limitKeys);
    this.#logs?.ended(delivery, outcome);
    if (outcome && this.#ledger.settling(delivery)) {
      this.#statistics.ended(delivery, outcome);
      this.#prefetch.ended();
      const shown = this.#redaction.outcome(delivery, outcome);
      if (isRetry(shown) && shown.queue !== undefined) void this.#retryIn(delivery, shown);
      else this.#settlerOf(delivery.source).add(delivery, shown, keep ?? this.#keepOf(delivery, shown));
    }
    this.#changed();
  }

  #keepOf({ claim }: Delivery, outcome: Outcome): number | undefined {
    return endsJob(outcome) ? this.#settings.keepFor?.(claim, outcome.status) : undefined;
  }

  async #retryIn(delivery: Delivery, outcome: RetryOutcome): Promise<void> {
    const checked = await withQueueChecked(this.#settings.deployment, delivery, outcome);
    this.#settlerOf(delivery.source).add(delivery, checked);
  }

  /** The executor has told the keys of a job's limits: it runs now, or goes back. */
  async #askLimits(delivery: Delivery, limitKeys: readonly (string | null)[]): Promise<void> {
    const { claim } = delivery;
    delivery.claim = { ...claim, settings: { ...claim.settings, limitKeys } };
    const verdict = await this.#admission.ofTask(delivery.claim).catch((error: unknown) => {
      this.#onError(error);
      return 1000;
    });
    if (!this.#ledger.has(delivery) || delivery.state !== "running") return this.#admission.over(delivery);
    this.#admission.opened([delivery.claim]);
    if (verdict === 0) this.#dispatcher.run(delivery);
    else this.ended(delivery, { status: "interrupt", limited: true, delay: Math.max(0, verdict) }, undefined);
  }

  progress(delivery: Delivery, value: Json): void {
    this.#progress.note(delivery, this.#redaction.progress(delivery, value));
  }

  log(delivery: Delivery, line: LogLine): void {
    const shown = this.#redaction.line(delivery, line);
    this.#log.job(delivery, shown);
    this.#logs?.add(delivery, shown);
  }

  async take({ key, max, per }: Action): Promise<TakeAnswer> {
    try {
      return { free: await this.#settings.deployment.limiter.take(`action ${key}`, max, per) };
    } catch (error) {
      return { error: toJobError(error) };
    }
  }

  async enqueue(jobs: readonly NewJob[]): Promise<readonly SubJobAnswer[]> {
    try {
      const answers = await this.#enqueuer.add(jobs);
      return answers.map((answer) => (answer.state === "refused" ? { error: toJobError(answer.error) } : answer));
    } catch (error) {
      return jobs.map(() => ({ error: toJobError(error) }));
    }
  }

  freed(): void {
    this.#dispatcher.refill();
    this.#slots.poke();
    this.#changed();
  }

  loaded(catalog: Catalog, faults: readonly TaskFault[]): void {
    this.#admission.learn(catalog);
    this.#catalog = catalog;
    if (Object.keys(catalog).length === 0 && this.#state === "starting") this.#log.noTasks();
    for (const fault of this.#log.faults(faults)) this.#events.emit("taskFault", fault);
  }

  abandoned(delivery: Delivery): void {
    this.#log.abandoned(delivery);
    if (this.#state === "stopping") this.#casualties.killed++;
  }

  childEnded(end: ChildEnd): void {
    if (this.#state === "stopping") this.#casualties[end.intended ? "killed" : "lost"] += end.running.length;
    this.#log.childEnd(this.#redaction.childEnd(end));
    this.#events.emit("childEnd", end);
  }

  blocked(pid: number, blocked: Blocked): void {
    this.#log.blocked(pid, blocked);
    this.#events.emit("blocked", pid, blocked);
  }

  async stopClaiming(): Promise<void> {
    clearTimeout(this.#timer);
    this.#dispatcher.stop();
    await Promise.all(this.#fetchers.map((fetcher) => fetcher.stop()));
  }

  running(): readonly Delivery[] {
    return [...this.#ledger].filter(({ state }) => state === "running");
  }

  abort(deliveries: readonly Delivery[]): void {
    this.#abort(deliveries, "stop");
  }

  giveBack(delivery: Delivery): void {
    this.ended(delivery, { status: "interrupt" }, undefined);
  }

  quiet(ms: number, signal: AbortSignal): Promise<boolean> {
    return this.#changes.until(() => this.#ledger.running === 0, ms, signal);
  }

  vacant(ms: number, signal: AbortSignal): Promise<boolean> {
    const { main, solo } = this.#pools;
    return this.#changes.until(() => main.busy + solo.busy === 0, ms, signal);
  }

  settled(ms: number): Promise<boolean> {
    return this.#changes.until(() => this.#ledger.size === 0, ms);
  }

  casualties(): { killed: number; lost: number } {
    return { ...this.#casualties };
  }

  async close(): Promise<void> {
    for (const settler of this.#settlers.values()) settler.abandon();
    await this.abandon();
    await Promise.all([this.#logs?.stop(), this.#progress.stop()]);
    this.#keeper?.stop();
    this.#canceller?.stop();
    this.#stopListening?.();
    await this.#housekeeper?.stop();
    await this.#admission.stop();
    await this.#reporter?.stop();
  }
}

/** Whether any job runs. */
function runsAny(counts: ReadonlyMap<string, QueueCounts>): boolean {
  return [...counts.values()].some(({ started }) => started > 0);
}

/** Queues of different modes are asked side by side: an order among them is not kept, and so is refused. */
function refuseMixture(sources: readonly Source[], { strategy }: WorkerSettings): void {
  const modes = sources.filter((source) => source.queues().length > 0).map(({ name }) => name);
  if (strategy === "roundRobin" || modes.length < 2) return;
  throw new InvalidOptionError(
    `worker: strategy: "${strategy}" needs queues of one mode, these are ${modes.join(" and ")}: use one worker for each`,
  );
}
