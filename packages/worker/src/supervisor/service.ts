import type { Source } from "@tandemq/core";
import type { Delivery } from "../delivery.js";
import { createFetcher } from "./claiming/create-fetcher.js";
import type { Fetcher } from "./claiming/fetcher.js";
import type { Slots } from "./claiming/slots.js";
import type { Course } from "./course.js";
import { LeaseKeeper } from "./holding/lease-keeper.js";
import { Housekeeper } from "./housekeeper.js";
import type { Parts } from "./parts.js";
import type { WorkerReport } from "./reporting/report.js";
import { Reporter } from "./reporting/reporter.js";
import type { Burst } from "./stopping/burst.js";

/** What a worker does of itself while it serves its sources: claim, keep leases, tell that it lives, tidy. */
export class Service {
  readonly #parts: Parts;
  readonly #course: Course;
  readonly #slots: Slots;
  readonly #burst: Burst | undefined;
  readonly #fetchers: readonly Fetcher[];
  readonly #keeper: LeaseKeeper;
  readonly #reporter: Reporter;
  readonly #housekeeper: Housekeeper;
  #stopListening: (() => void) | undefined;

  constructor(parts: Parts, course: Course, slots: Slots, burst: Burst | undefined) {
    this.#parts = parts;
    this.#course = course;
    this.#slots = slots;
    this.#burst = burst;
    this.#fetchers = parts.sources.map((source) => this.#createFetcher(source));
    this.#keeper = this.#createKeeper();
    this.#reporter = this.#createReporter();
    this.#housekeeper = this.#createHousekeeper();
  }

  start(): void {
    const { canceller } = this.#course;
    this.#reporter.start();
    this.#keeper.start();
    canceller.start();
    this.#stopListening = this.#parts.settings.deployment.onCancel?.(() => canceller.hurry());
    this.#housekeeper.start();
    for (const fetcher of this.#fetchers) fetcher.start();
  }

  /** The delivery goes back and has not begun. */
  cameBack({ source, claim }: Delivery): void {
    this.#fetchers[this.#parts.sources.indexOf(source)]?.cameBack(claim.queue);
  }

  report(): WorkerReport {
    return this.#reporter.report();
  }

  async stopClaiming(): Promise<void> {
    await Promise.all(this.#fetchers.map((fetcher) => fetcher.stop()));
  }

  /** Nothing is held any more. The heartbeat is the last thing to stop. */
  async stop(): Promise<void> {
    this.#keeper.stop();
    this.#course.canceller.stop();
    this.#stopListening?.();
    await this.#housekeeper.stop();
    await this.#parts.emigrations.stop();
    await this.#parts.admission.stop();
    await this.#reporter.stop();
  }

  #createFetcher(source: Source): Fetcher {
    const { settings, settlers, budget, admission, prefetch, onError } = this.#parts;
    const course = this.#course;
    return createFetcher(source, settings, {
      ...{ slots: this.#slots, budget, admission, onError, settler: settlers.of(source) },
      onClaims: (claims) => course.claimed(claims, source),
      onSetAside: (aside) => course.setAside(aside),
      onEnded: (ended) => course.endedByClaim(ended, source),
      onAnswer: (ms) => prefetch.claimed(ms),
      onEmpty: (_, began) => this.#burst?.sawEmpty(source, began),
    });
  }

  #createKeeper(): LeaseKeeper {
    const { settings, sources, ledger, onError } = this.#parts;
    const { lease, extendEvery, logger } = settings;
    return new LeaseKeeper({
      ...{ lease, extendEvery, sources, logger, onError },
      held: () => ledger.all(),
      onLost: (delivery) => this.#course.lost(delivery),
    });
  }

  #createReporter(): Reporter {
    const { settings, ledger, statistics, sources, onError } = this.#parts;
    const { logger, deployment } = settings;
    return new Reporter({
      ...{ settings, ledger, statistics, logger, onError, ...this.#course.pools, registry: deployment.registry },
      queues: () => sources.flatMap((source) => source.queues()),
      mismatched: () => [...new Set(sources.flatMap((source) => source.mismatched?.() ?? []))],
      tasks: () => Object.keys(this.#parts.catalog),
      state: () => this.#parts.state,
    });
  }

  #createHousekeeper(): Housekeeper {
    const { settings, onError } = this.#parts;
    const { main } = this.#course.pools;
    return new Housekeeper({
      ...{ chores: settings.deployment.chores(), every: settings.maintenance, logger: settings.logger, onError },
      isBusy: () => main.free === 0,
    });
  }
}
