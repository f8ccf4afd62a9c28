import { type CancelRequest, type Outcome, type Registry, type Source, endsJob } from "@tandemq/core";
import type { Logger } from "pino";
import type { Delivery } from "../../delivery.js";
import { cancelled } from "../../executor/classify.js";
import { withDeadline } from "../waiting/deadline.js";
import { cancelStrays } from "./cancel-strays.js";
import { Outage } from "../waiting/outage.js";

/** Milliseconds between two looks for requests. */
const lookEvery = 1000;
/** After its last job a worker goes on looking for so many looks: a request may come for a job that went back in line. */
const lookOn = 5;
/** Requests for jobs that others run are looked after at every so many looks. */
const strayEvery = 5;

export interface CancellerOptions {
  /** Asked for only once the stores are there. */
  readonly registry: () => Registry;
  readonly sources: () => readonly Source[];
  /** Milliseconds after which a run that was told to end is ended by force. */
  readonly killAfter: number;
  readonly running: () => readonly Delivery[];
  readonly abort: (deliveries: readonly Delivery[]) => void;
  readonly kill: (delivery: Delivery, outcome: Outcome) => void;
  readonly logger: Logger;
  readonly onError: (error: unknown) => void;
}

/**
 * Ends running jobs that somebody wants cancelled: one look per second at what is asked for, one more where a wake-up
 * tells of it, and none while nothing runs. A request stays with its job through retries and losses until the job is over.
 */
export class Canceller {
  readonly #options: CancellerOptions;
  readonly #outage: Outage;
  readonly #told = new Map<Delivery, CancelRequest>();
  #timer: NodeJS.Timeout | undefined;
  #looks = 0;
  #quiet = lookOn;
  #stopped = false;
  #hurried = false;

  constructor(options: CancellerOptions) {
    this.#options = options;
    this.#outage = new Outage("looking for cancelled jobs", options.logger, options.onError);
  }

  start(): void {
    this.#timer = setTimeout(() => void this.#turn(), lookEvery);
  }

  /** There is a request: look at once, unless a look has only just been. */
  hurry(): void {
    if (this.#stopped || this.#hurried || this.#options.running().length === 0) return;
    this.#hurried = true;
    void this.#look();
  }

  /** Jobs were claimed. */
  wake(): void {
    this.#quiet = 0;
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  /** What becomes of a delivery with this outcome: a cancelled job does not go back in line. */
  outcomeOf(delivery: Delivery, outcome: Outcome): Outcome {
    return this.#told.size > 0 && this.#told.has(delivery) && !endsJob(outcome) ? cancelled : outcome;
  }

  /** The delivery was settled, or lost to somebody else. */
  over(delivery: Delivery, outcome?: Outcome): void {
    const request = this.#told.size > 0 ? this.#told.get(delivery) : undefined;
    if (!request) return;
    this.#told.delete(delivery);
    if (outcome && endsJob(outcome))
      this.#options
        .registry()
        .dropCancelRequests([request])
        .catch(() => {});
  }

  async #turn(): Promise<void> {
    this.#hurried = false;
    const running = this.#options.running().length > 0;
    this.#quiet = running ? 0 : this.#quiet + 1;
    if (this.#quiet <= lookOn) await this.#look();
    if (!this.#stopped) this.#timer = setTimeout(() => void this.#turn(), lookEvery);
  }

  async #look(): Promise<void> {
    try {
      const requests = await withDeadline(this.#options.registry().cancelRequests(), 10_000, "cancelRequests");
      this.#outage.worked();
      if (requests.length > 0) await this.#take(requests);
    } catch (error) {
      this.#outage.failed(error);
    }
  }

  async #take(requests: readonly CancelRequest[]): Promise<void> {
    const wanted = new Map(requests.map((request) => [keyOf(request), request]));
    const mine = this.#options.running().filter(({ claim }) => wanted.has(keyOf(claim)));
    for (const delivery of mine) {
      this.#tell(delivery, wanted.get(keyOf(delivery.claim)) as CancelRequest);
      wanted.delete(keyOf(delivery.claim));
    }
    if (mine.length > 0) this.#options.abort(mine);
    if (wanted.size > 0 && this.#looks++ % strayEvery === 0) await cancelStrays(this.#options, [...wanted.values()]);
  }

  #tell(delivery: Delivery, request: CancelRequest): void {
    if (this.#told.has(delivery)) return;
    this.#told.set(delivery, request);
    const force = () => {
      if (this.#told.has(delivery) && delivery.state === "running") this.#options.kill(delivery, cancelled);
    };
    setTimeout(force, this.#options.killAfter + lookEvery).unref();
  }
}

function keyOf({ id, generation }: Pick<CancelRequest, "id" | "generation">): string {
  return `${id} ${generation}`;
}
