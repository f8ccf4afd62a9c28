import type { Claim, Outcome, SetAside, Source } from "@tandemq/core";
import type { Delivery } from "../delivery.js";
import type { Emitter, WorkerEnd, WorkerEvents } from "../events.js";
import type { AbortReason } from "../executor/assignment.js";
import type { WorkerSettings } from "../options.js";
import { type Pools, createPools } from "../pools/create-pools.js";
import { refusalOf } from "../pools/needs-children.js";
import type { Catalog } from "../tasks/task-registry.js";
import { Admission } from "./admission/admission.js";
import { Budget } from "./budget.js";
import { Burst } from "./burst.js";
import { Canceller } from "./canceller.js";
import { Changes } from "./changes.js";
import { createFetcher } from "./create-fetcher.js";
import { Dispatcher } from "./dispatcher.js";
import { Endings } from "./endings.js";
import { Failures } from "./failures.js";
import type { Fetcher } from "./fetcher.js";
import { Housekeeper } from "./housekeeper.js";
import { LeaseKeeper } from "./lease-keeper.js";
import { Ledger } from "./ledger.js";
import { PoolDesk } from "./pool-desk.js";
import { Prefetch, mostAhead } from "./prefetch.js";
import { Redaction } from "./redaction.js";
import { refuseMixture } from "./refuse-mixture.js";
import type { WorkerReport } from "./report.js";
import { Reporter } from "./reporter.js";
import type { SettlerListener } from "./settler.js";
import { Settlers } from "./settlers.js";
import { Shutdown, type StopHow, type Stoppable } from "./shutdown.js";
import { Slots } from "./slots.js";
import { Statistics } from "./statistics.js";

/**
 * Owns every claim, lease and settlement of one worker: fetchers claim as many jobs as slots are free, the dispatcher
 * sends them to a pool, settlers settle what comes back, the lease keeper holds what is held.
 */
export class Supervisor implements Stoppable {
  readonly #settings: WorkerSettings;
  readonly #events: Emitter<WorkerEvents>;
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
  readonly #settlers = new Settlers();
  readonly #desk: PoolDesk;
  readonly #endings: Endings;
  readonly #failures: Failures;
  readonly #onError = (error: unknown): void => this.#events.emit("error", error);
  #fetchers: Fetcher[] = [];
  #keeper: LeaseKeeper | undefined;
  #reporter: Reporter | undefined;
  #canceller: Canceller | undefined;
  #stopListening: (() => void) | undefined;
  #housekeeper: Housekeeper | undefined;
  #burst: Burst | undefined;
  #timer: NodeJS.Timeout | undefined;
  #catalog: Catalog = {};
  #state = "starting";

  constructor(settings: WorkerSettings, events: Emitter<WorkerEvents>) {
    this.#settings = settings;
    this.#events = events;
    const redaction = new Redaction(settings.redactor);
    this.#desk = this.#createDesk(redaction);
    this.#pools = createPools(settings, this.#desk);
    this.#budget = new Budget(settings.maxJobs);
    const capacity = settings.concurrency * Math.max(1, settings.processes);
    const { main, solo } = this.#pools;
    // An exact number of jobs, or a run until nothing is due, leaves nothing to claim ahead.
    const most = mostAhead(capacity) * (settings.processes > 0 ? 2 : 1);
    this.#prefetch = new Prefetch(settings.maxJobs === undefined && !settings.burst ? most : 0);
    this.#slots = new Slots(
      () => this.#free(capacity),
      () => this.#enough(capacity),
      () => settings.processes === 0 || main.free > 0,
    );
    this.#dispatcher = new Dispatcher({
      ...{ ledger: this.#ledger, main, solo, maxLost: settings.maxLost },
      catalog: () => this.#catalog,
      ...(settings.processes === 0 ? { refusal: refusalOf } : {}),
      settle: (delivery, outcome) => this.#ended(delivery, outcome),
    });
    this.#admission = new Admission({ ...settings, onError: this.#onError });
    this.#endings = this.#createEndings(redaction);
    this.#failures = new Failures({
      ...{ settings, events, ledger: this.#ledger, statistics: this.#statistics },
      catalog: () => this.#catalog,
      tell: (delivery) => this.#dispatcher.tell(delivery),
      onEnd: (delivery, outcome) => this.#desk.logEnded(delivery, outcome),
    });
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
    refuseMixture(sources, this.#settings);
    const { logger, maxTime, burst, lease, extendEvery } = this.#settings;
    this.#settlers.open(sources, this.#settlerListener(), logger);
    this.#desk.open();
    if (burst) this.#burst = this.#createBurst(sources);
    this.#fetchers = sources.map((source) => this.#fetcher(source));
    this.#keeper = new LeaseKeeper({
      ...{ lease, extendEvery, sources, logger, onError: this.#onError },
      held: () => this.#ledger.all(),
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

  /** Large claims cost less for each job; children have what they run next, so that theirs may be larger still. */
  #enough(capacity: number): number {
    const { room } = this.#prefetch;
    if (room === 0) return capacity;
    return this.#settings.processes > 0 ? (2 * room) / 3 : (capacity + room) / 2;
  }

  #fetcher(source: Source): Fetcher {
    return createFetcher(source, this.#settings, {
      ...{ slots: this.#slots, budget: this.#budget, admission: this.#admission, onError: this.#onError },
      settler: this.#settlers.of(source),
      onClaims: (claims) => this.#claimed(claims, source),
      onSetAside: (aside) => this.#setAside(aside),
      onEnded: (ended) => this.#failures.ended(ended, source),
      onAnswer: (ms) => this.#prefetch.claimed(ms),
      onEmpty: (_, began) => this.#burst?.sawEmpty(source, began),
    });
  }

  #createBurst(sources: readonly Source[]): Burst {
    return new Burst({
      ...{ sources, untilIdle: this.#settings.untilIdle },
      isIdle: () => this.#ledger.size === 0 && this.#state === "running",
      end: () => void this.stop("drain"),
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

  #createDesk(redaction: Redaction): PoolDesk {
    return new PoolDesk({
      ...{ settings: this.#settings, events: this.#events, redaction, onError: this.#onError },
      state: () => this.#state,
      onEnd: (delivery, outcome, keep) => this.#ended(delivery, outcome, keep),
      onFree: () => this.#freed(),
      onCatalog: (catalog) => this.#learn(catalog),
    });
  }

  #createEndings(redaction: Redaction): Endings {
    return new Endings({
      ...{ settings: this.#settings, ledger: this.#ledger, statistics: this.#statistics, prefetch: this.#prefetch },
      ...{ redaction, settlers: this.#settlers, admission: this.#admission, onError: this.#onError },
      catalog: () => this.#catalog,
      outcomeOf: (delivery, reached) => this.#canceller?.outcomeOf(delivery, reached) ?? reached,
      onEnd: (delivery, outcome) => this.#desk.logEnded(delivery, outcome),
      onTold: (delivery, called) => this.#failures.told(delivery, called),
      run: (delivery) => {
        this.#dispatcher.run(delivery);
        this.#endOfBudget();
      },
      onLimited: () => this.#budget.giveBack(),
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

  #settlerListener(): SettlerListener {
    return {
      settled: (delivery, outcome) => {
        this.#statistics.settled(delivery, outcome);
        this.#canceller?.over(delivery, outcome);
        this.#burst?.settled();
        this.#failures.settled(delivery, outcome);
        this.#ledger.close(delivery);
        this.#admission.over(delivery);
        this.#endOfBudget();
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
    this.#endOfBudget();
  }

  /** As many jobs have started as may, and none of them can go back because of a limit. */
  #endOfBudget(): void {
    if (!this.#budget.empty || this.#ledger.all().some(({ claim }) => this.#admission.isUnsure(claim))) return;
    void this.stop("drain");
  }

  #setAside(aside: readonly SetAside[]): void {
    for (const one of aside) {
      const { queue, id, reason } = one;
      this.#settings.logger.error({ queue, id, reason }, `an entry that cannot be a job was set aside: ${one.reason}`);
      this.#events.emit("setAside", one);
    }
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
    this.#endOfBudget();
    this.#events.emit("lost", delivery);
    this.#changed();
  }

  #abort(deliveries: readonly Delivery[], reason: AbortReason): void {
    this.#dispatcher.remove(deliveries);
    this.#pools.main.abort(deliveries, reason);
    this.#pools.solo.abort(deliveries, reason);
  }

  /** Slots may be free that were not. */
  #freed(): void {
    this.#dispatcher.refill();
    this.#slots.poke();
    this.#changed();
  }

  #learn(catalog: Catalog): void {
    this.#admission.learn(catalog);
    this.#catalog = catalog;
  }

  #changed(): void {
    this.#changes.notify();
  }

  #ended(delivery: Delivery, reached: Outcome | undefined, keep?: number): void {
    this.#endings.ended(delivery, reached, keep);
    this.#changed();
  }

  async stopClaiming(): Promise<void> {
    clearTimeout(this.#timer);
    this.#dispatcher.stop();
    await Promise.all(this.#fetchers.map((fetcher) => fetcher.stop()));
  }

  running(): readonly Delivery[] {
    return this.#ledger.all().filter(({ state }) => state === "running");
  }

  abort(deliveries: readonly Delivery[]): void {
    this.#abort(deliveries, "stop");
  }

  giveBack(delivery: Delivery): void {
    this.#ended(delivery, { status: "interrupt" });
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
    return this.#desk.casualties();
  }

  async close(): Promise<void> {
    this.#settlers.abandon();
    await this.abandon();
    await this.#desk.close();
    this.#keeper?.stop();
    this.#canceller?.stop();
    this.#stopListening?.();
    await this.#housekeeper?.stop();
    await this.#admission.stop();
    await this.#reporter?.stop();
  }
}
