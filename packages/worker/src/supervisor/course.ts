import type { Claim, EndedClaim, Outcome, SetAside, Source } from "@tandemq/core";
import type { Delivery } from "../delivery.js";
import type { AbortReason } from "../executor/assignment.js";
import { type Pools, createPools } from "../pools/create-pools.js";
import { refusalOf } from "../pools/needs-children.js";
import { Canceller } from "./cancelling/canceller.js";
import { PoolDesk } from "./desk/pool-desk.js";
import { Dispatcher } from "./dispatch/dispatcher.js";
import type { Parts } from "./parts.js";
import { Endings } from "./settling/endings.js";
import { Failures } from "./settling/failures.js";
import type { SettlerListener } from "./settling/settler.js";

export interface CourseOptions {
  /** Slots may be free that were not. */
  readonly onFree: () => void;
  /** A delivery was settled. */
  readonly onSettled: () => void;
  /** A delivery goes back and has not begun. */
  readonly onBack: (delivery: Delivery) => void;
  /** As many jobs have started as may. */
  readonly onSpent: () => void;
}

/** The course of every delivery through this worker: claimed, sent to a pool, ended, settled; or lost on the way. */
export class Course {
  readonly pools: Pools;
  readonly desk: PoolDesk;
  readonly dispatcher: Dispatcher;
  readonly canceller: Canceller;
  readonly #parts: Parts;
  readonly #options: CourseOptions;
  readonly #endings: Endings;
  readonly #failures: Failures;

  constructor(parts: Parts, options: CourseOptions) {
    this.#parts = parts;
    this.#options = options;
    this.desk = this.#createDesk();
    this.pools = createPools(parts.settings, this.desk);
    this.dispatcher = this.#createDispatcher();
    this.canceller = this.#createCanceller();
    this.#endings = this.#createEndings();
    this.#failures = this.#createFailures();
  }

  /** What the settlers tell. */
  get settling(): SettlerListener {
    return {
      settled: (delivery, outcome) => this.#settled(delivery, outcome),
      lost: (delivery) => this.lost(delivery),
      failed: this.#parts.onError,
    };
  }

  /** Deliveries whose outcome is not known. */
  running(): readonly Delivery[] {
    return this.#parts.ledger.all().filter(({ state }) => state === "running");
  }

  claimed(claims: readonly Claim[], source: Source): void {
    const { statistics, events, admission } = this.#parts;
    statistics.claimed(claims);
    events.emit("claim", claims.length, source.name, claims);
    this.canceller.wake();
    admission.opened(claims);
    this.dispatcher.dispatch(claims, source);
    this.#endOfBudget();
  }

  /** Jobs that the claim ended instead of handing them out. */
  endedByClaim(ended: readonly EndedClaim[], source: Source): void {
    this.#failures.ended(ended, source);
  }

  setAside(aside: readonly SetAside[]): void {
    const { settings, events } = this.#parts;
    for (const one of aside) {
      const { queue, id, reason } = one;
      settings.logger.error({ queue, id, reason }, `an entry that cannot be a job was set aside: ${one.reason}`);
      events.emit("setAside", one);
    }
  }

  /** A run is over; `reached` left out: nothing is to be settled. */
  ended(delivery: Delivery, reached: Outcome | undefined, keep?: number): void {
    this.#endings.ended(delivery, reached, keep);
    this.#parts.changes.notify();
  }

  /** Another delivery owns the job, or it is over. */
  lost(delivery: Delivery): void {
    const { statistics, settings, events, changes } = this.#parts;
    const { id, path, queue } = delivery.claim;
    const running = delivery.state === "running";
    this.#parts.emigrations.settled(delivery);
    statistics.lost++;
    settings.logger.warn({ job: id, path, queue }, "the delivery was lost: another one owns or ended the job");
    this.#close(delivery);
    this.canceller.over(delivery);
    if (running) this.abort([delivery], "lost");
    this.#endOfBudget();
    events.emit("lost", delivery);
    changes.notify();
  }

  abort(deliveries: readonly Delivery[], reason: AbortReason): void {
    const { main, solo } = this.pools;
    this.dispatcher.remove(deliveries);
    main.abort(deliveries, reason);
    solo.abort(deliveries, reason);
  }

  #settled(delivery: Delivery, outcome: Outcome): void {
    const { statistics, events } = this.#parts;
    statistics.settled(delivery, outcome);
    this.canceller.over(delivery, outcome);
    this.#options.onSettled();
    this.#failures.settled(delivery, outcome);
    this.#parts.emigrations.settled(delivery, outcome);
    this.#close(delivery);
    this.#endOfBudget();
    events.emit("settle", delivery, outcome);
  }

  #close(delivery: Delivery): void {
    this.#parts.ledger.close(delivery);
    this.#parts.admission.over(delivery);
  }

  #freed(): void {
    this.dispatcher.refill();
    this.#options.onFree();
    this.#parts.changes.notify();
  }

  /**
   * As many jobs have started as may: none of them can go back because of a limit, and none waits for a slot or a process,
   * which the end would give back.
   */
  #endOfBudget(): void {
    const { budget, ledger, admission } = this.#parts;
    if (!budget.empty || this.dispatcher.waiting + this.pools.solo.waiting > 0) return;
    if (ledger.all().some(({ claim }) => admission.isUnsure(claim))) return;
    this.#options.onSpent();
  }

  #kill(delivery: Delivery, outcome: Outcome): void {
    this.pools.main.kill(delivery, outcome);
    this.pools.solo.kill(delivery, outcome);
  }

  #createDesk(): PoolDesk {
    const parts = this.#parts;
    const { settings, events, redaction, onError } = parts;
    return new PoolDesk({
      ...{ settings, events, redaction, onError },
      state: () => parts.state,
      onEnd: (delivery, outcome, keep) => this.ended(delivery, outcome, keep),
      onFree: () => this.#freed(),
      onCatalog: (catalog) => {
        parts.admission.learn(catalog);
        parts.catalog = catalog;
      },
    });
  }

  #createDispatcher(): Dispatcher {
    const { settings, ledger } = this.#parts;
    return new Dispatcher({
      ...{ ...this.pools, ledger, maxLost: settings.maxLost },
      catalog: () => this.#parts.catalog,
      ...(settings.processes === 0 ? { refusal: refusalOf } : {}),
      settle: (delivery, outcome) => this.ended(delivery, outcome),
      starts: this.#parts.admission.starts,
    });
  }

  #createCanceller(): Canceller {
    const parts = this.#parts;
    const { deployment, killAfter, logger } = parts.settings;
    return new Canceller({
      ...{ killAfter, logger, onError: parts.onError },
      registry: () => deployment.registry,
      sources: () => parts.sources,
      running: () => this.running(),
      abort: (deliveries) => this.abort(deliveries, "cancel"),
      kill: (delivery, outcome) => this.#kill(delivery, outcome),
    });
  }

  #createEndings(): Endings {
    const { budget, ...parts } = this.#parts;
    return new Endings({
      ...parts,
      catalog: () => this.#parts.catalog,
      outcomeOf: (delivery, reached) => this.canceller.outcomeOf(delivery, reached),
      onEnd: (delivery, outcome) => this.desk.logEnded(delivery, outcome),
      onTold: (delivery, called) => this.#failures.told(delivery, called),
      run: (delivery) => {
        this.dispatcher.run(delivery);
        this.#endOfBudget();
      },
      onNotBegun: (delivery) => {
        budget.giveBack();
        this.#options.onBack(delivery);
      },
    });
  }

  #createFailures(): Failures {
    const { settings, events, ledger, statistics } = this.#parts;
    return new Failures({
      ...{ settings, events, ledger, statistics },
      catalog: () => this.#parts.catalog,
      tell: (delivery) => this.dispatcher.tell(delivery),
      onEnd: (delivery, outcome) => this.desk.logEnded(delivery, outcome),
    });
  }
}
