import { endsJob, isGiveBack, isRetry, isSuccess, type Outcome, type RetryOutcome } from "@tandemq/core";
import type { Delivery } from "../../delivery.js";
import type { WorkerSettings } from "../../options.js";
import type { Catalog } from "../../tasks/task-registry.js";
import type { Admission } from "../admission/admission.js";
import type { Ledger } from "../holding/ledger.js";
import type { Prefetch } from "../claiming/prefetch.js";
import type { Redaction } from "../desk/redaction.js";
import type { Emigrations } from "./emigrations.js";
import { withQueueChecked } from "./retry-queue.js";
import type { Settlers } from "./settlers.js";
import type { Statistics } from "../reporting/statistics.js";

export interface EndingsOptions {
  readonly settings: Pick<WorkerSettings, "deployment" | "keepFor">;
  readonly ledger: Ledger;
  readonly statistics: Statistics;
  readonly prefetch: Prefetch;
  readonly redaction: Redaction;
  readonly settlers: Settlers;
  readonly emigrations: Emigrations;
  readonly admission: Admission;
  readonly catalog: () => Catalog;
  /** What becomes of the outcome where somebody wanted the job cancelled. */
  readonly outcomeOf: (delivery: Delivery, reached: Outcome) => Outcome;
  /** The run has ended, with this outcome if it has one. */
  readonly onEnd: (delivery: Delivery, outcome: Outcome | undefined) => void;
  /** `onFailed` of a job that was over before was called, or could not be. */
  readonly onTold: (delivery: Delivery, called: boolean) => void;
  /** Runs a delivery that was opened before. */
  readonly run: (delivery: Delivery) => void;
  /** The delivery goes back, by a limit or for want of a slot: it was no start. */
  readonly onNotBegun: (delivery: Delivery) => void;
  readonly onError: (error: unknown) => void;
}

/** Takes each outcome that a run reached on its way to the settler of its source. */
export class Endings {
  readonly #options: EndingsOptions;

  constructor(options: EndingsOptions) {
    this.#options = options;
  }

  /**
   * @param reached left out: nothing is to be settled
   * @param keep milliseconds for which the finished job is kept, where the run told
   */
  ended(delivery: Delivery, reached: Outcome | undefined, keep?: number): void {
    if (delivery.failure) return this.#options.onTold(delivery, reached?.status === "success");
    const outcome = reached && this.#options.outcomeOf(delivery, reached);
    if (outcome && isGiveBack(outcome) && outcome.limitKeys) return void this.#askLimits(delivery, outcome.limitKeys);
    this.#options.onEnd(delivery, outcome);
    if (outcome && this.#options.ledger.settling(delivery)) this.#settle(delivery, outcome, keep);
  }

  #settle(delivery: Delivery, outcome: Outcome, keep: number | undefined): void {
    const { statistics, prefetch, redaction, settlers } = this.#options;
    const now = performance.now();
    statistics.ended(delivery, outcome, now);
    prefetch.ended(now);
    if (isGiveBack(outcome) && outcome.limited) this.#options.onNotBegun(delivery);
    const shown = redaction.outcome(delivery, outcome);
    if (isRetry(shown) && shown.queue !== undefined) void this.#retryIn(delivery, shown);
    else settlers.of(delivery.source).add(delivery, shown, keep ?? this.#keepOf(delivery, shown));
  }

  #keepOf({ claim }: Delivery, outcome: Outcome): number | undefined {
    if (!endsJob(outcome)) return undefined;
    const own = isSuccess(outcome) ? undefined : this.#options.catalog()[claim.path]?.keepFailures;
    return own ?? this.#options.settings.keepFor?.(claim, outcome.status);
  }

  async #retryIn(delivery: Delivery, outcome: RetryOutcome): Promise<void> {
    const { settings, emigrations, settlers } = this.#options;
    const { target, outcome: asked } = await withQueueChecked(settings.deployment, delivery, outcome);
    const settled = target && isRetry(asked) ? emigrations.announce(delivery, asked, target) : asked;
    settlers.of(delivery.source).add(delivery, settled);
  }

  /** The executor has told the keys of a job's limits: it runs now, or goes back. */
  async #askLimits(delivery: Delivery, limitKeys: readonly (string | null)[]): Promise<void> {
    const { admission, ledger, onError, run } = this.#options;
    const { claim } = delivery;
    const told = { ...claim, settings: { ...claim.settings, limitKeys } };
    const verdict = await admission.ofTask({ ...delivery, claim: told }).catch((error: unknown) => {
      onError(error);
      return 1000;
    });
    if (!ledger.has(delivery) || delivery.state !== "running") return admission.over(delivery);
    admission.opened([delivery.claim]);
    if (verdict !== 0) return this.ended(delivery, { status: "interrupt", limited: true, delay: Math.max(0, verdict) });
    delivery.claim = told;
    run(delivery);
  }
}
