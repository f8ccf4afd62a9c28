import type { Logger } from "pino";
import type { Delivery } from "../../delivery.js";
import type { WorkerEnd } from "../../events.js";
import { withDeadline } from "../waiting/deadline.js";

/** Aborted runs get this long to end by themselves before their jobs are given back, milliseconds. */
const grace = 500;
/** How long the stores may take to accept the last outcomes, milliseconds, if leases last that long. */
const settleLimit = 10_000;

export type StopHow = "drain" | "abort" | "kill";

/** What a shutdown needs of the worker it ends. */
export interface Stoppable {
  /** Ends all claiming, of every source, and gives back what still arrives. */
  stopClaiming(): Promise<void>;
  running(): readonly Delivery[];
  abort(deliveries: readonly Delivery[]): void;
  giveBack(delivery: Delivery): void;
  /** The next three wait, at most so long or until the signal is aborted, and tell whether it came true. */
  /** Every outcome is known. */
  quiet(ms: number, signal: AbortSignal): Promise<boolean>;
  /** No code of a job runs. */
  vacant(ms: number, signal: AbortSignal): Promise<boolean>;
  /** The stores have settled everything. */
  settled(ms: number): Promise<boolean>;
  /** What befell running jobs since claiming stopped, apart from what the shutdown did. */
  casualties(): { readonly killed: number; readonly lost: number };
  /** Ends the pools, the leases, and at last the heartbeat. */
  close(): Promise<void>;
}

/**
 * Ends a worker in stages. `drain`: stop claiming, finish what runs, up to a limit. `abort` (asked for, or the limit):
 * abort the tasks by their signals and give their jobs back. `kill`: end the processes now. A later stage may be asked
 * for while an earlier one goes on.
 */
export class Shutdown {
  readonly #worker: Stoppable;
  readonly #drain: number;
  readonly #killAfter: number;
  readonly #settleLimit: number;
  readonly #logger: Logger;
  readonly #aborting = new AbortController();
  readonly #killing = new AbortController();
  /** Resolves when the worker has ended. */
  readonly end: Promise<WorkerEnd>;
  #begin: () => void = () => {};

  constructor(worker: Stoppable, limits: { drain: number; killAfter: number; lease: number }, logger: Logger) {
    this.#worker = worker;
    this.#drain = limits.drain;
    this.#killAfter = limits.killAfter;
    this.#settleLimit = Math.min(settleLimit, limits.lease);
    this.#logger = logger;
    const begun = new Promise<void>((resolve) => {
      this.#begin = resolve;
    });
    this.end = begun.then(() => this.#run());
  }

  ask(how: StopHow): Promise<WorkerEnd> {
    if (how === "kill") this.#killing.abort();
    if (how !== "drain") this.#aborting.abort();
    this.#begin();
    return this.end;
  }

  async #run(): Promise<WorkerEnd> {
    const claiming = this.#worker.stopClaiming();
    await this.#worker.quiet(this.#drain, this.#aborting.signal);
    const aborted = await this.#giveBack();
    const vacant = await this.#worker.vacant(this.#killAfter, this.#killing.signal);
    await withDeadline(claiming, this.#settleLimit, "the last claim").catch(() => {});
    if (!(await this.#worker.settled(this.#settleLimit)))
      this.#logger.error("a store did not take the last outcomes: their leases run out");
    const { killed, lost } = this.#worker.casualties();
    await this.#worker.close();
    const givenBack = aborted + lost;
    return { code: !vacant || killed > 0 ? 4 : givenBack > 0 ? 3 : 0, givenBack };
  }

  async #giveBack(): Promise<number> {
    const running = this.#worker.running();
    if (running.length === 0) return 0;
    this.#logger.warn({ jobs: running.length }, "running jobs are aborted and given back");
    this.#worker.abort(running);
    await this.#worker.quiet(grace, this.#killing.signal);
    for (const delivery of this.#worker.running()) this.#worker.giveBack(delivery);
    return running.length;
  }
}
