import { InvalidOptionError, JobAbortedError } from "../errors/errors.js";
import type { Claim, Outcome } from "../model/claim.js";
import type { JobRef } from "../model/job.js";
import { toJobError } from "../model/job-error.js";
import type { JsonObject } from "../model/json.js";
import { backoffDelay, defaultBackoff } from "../rules/backoff.js";
import { defaults } from "../rules/defaults.js";
import { type Duration, toMs } from "../rules/duration.js";
import { checkResult } from "../rules/encode-params.js";

/** How a held job's outcome is brought to its store: whether it counted. */
export type SettleHeld = (job: HeldJob<object>, outcome: Outcome) => Promise<boolean>;

/**
 * A job that a consumer holds, until it settles it with one of `done`, `fail`, `retry` and `giveBack`. Each of them
 * resolves to `false` when the job was lost before: another delivery, or an end by somebody else, came first.
 */
export class HeldJob<P extends object = JsonObject> implements JobRef {
  readonly id: string;
  readonly queue: string;
  readonly path: string;
  readonly params: P;
  /** This run, from 1. */
  readonly attempt: number;
  /** Runs that may be ended by `fail`. */
  readonly attempts: number;
  /** Claims of this job, this one included. */
  readonly deliveries: number;
  readonly tags: readonly string[];
  /** The delivery, as its broker knows it. */
  readonly claim: Claim;
  readonly #settle: SettleHeld;
  readonly #lost = new AbortController();
  #settled = false;

  constructor(claim: Claim, params: P, settle: SettleHeld) {
    this.id = claim.id;
    this.queue = claim.queue;
    this.path = claim.path;
    this.params = params;
    this.attempt = claim.attempt;
    this.attempts = claim.settings.attempts ?? defaults.attempts;
    this.deliveries = claim.deliveries;
    this.tags = claim.tags ?? [];
    this.claim = claim;
    this.#settle = settle;
  }

  /** Aborted when the job is lost: somebody else has it by now. */
  get signal(): AbortSignal {
    return this.#lost.signal;
  }

  /**
   * Ends the job as success.
   * @throws InvalidResultError; the job is still held then
   */
  async done(result?: unknown): Promise<boolean> {
    const checked = checkResult(result);
    return this.#end(checked === undefined ? { status: "success" } : { status: "success", result: checked });
  }

  /** Ends this run as failed; while the job has attempts left, it comes again after its back-off. */
  async fail(thrown: unknown): Promise<boolean> {
    const error = toJobError(thrown);
    if (this.attempt < this.attempts) {
      const delay = backoffDelay(this.claim.settings.backoff ?? defaultBackoff, this.attempt);
      return this.#end({ status: "retry", delay, error });
    }
    return this.#end({ status: this.attempts > 1 ? "maxretries" : "failed", error });
  }

  /** Ends this run and asks for another, whatever attempts are left. */
  async retry(options: { readonly delay?: Duration; readonly error?: unknown } = {}): Promise<boolean> {
    const delay = toMs(options.delay ?? 0, "retry: delay");
    const error = options.error === undefined ? {} : { error: toJobError(options.error) };
    return this.#end({ status: "retry", delay, ...error });
  }

  /** Puts the job back in front of those queued after it, as if it had not been taken; no attempt is consumed. */
  async giveBack(): Promise<boolean> {
    return this.#end({ status: "interrupt" });
  }

  get isSettled(): boolean {
    return this.#settled;
  }

  /** To be called by its consumer when the delivery is somebody else's. */
  lose(): void {
    this.#lost.abort(new JobAbortedError(`job ${this.id} is lost: its lease lapsed and another delivery owns it now`));
  }

  async #end(outcome: Outcome): Promise<boolean> {
    if (this.#settled) throw new InvalidOptionError(`job ${this.id} is settled already`);
    this.#settled = true;
    try {
      return await this.#settle(this, outcome);
    } catch (error) {
      this.#settled = false;
      throw error;
    }
  }
}
