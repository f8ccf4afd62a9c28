import type { Chore } from "@tandemq/core";
import type { Logger } from "pino";
import { Outage } from "./waiting/outage.js";
import { pause } from "./waiting/pause.js";

/** So often a chore gives way to jobs before its turn has come, however busy the worker is. */
const mostDelays = 5;

/** How long stopping waits for the chore that is being done, milliseconds. */
const patience = 2_000;

export interface HousekeeperOptions {
  readonly chores: readonly Chore[];
  /** Milliseconds between two rounds, about; 0: no rounds. */
  readonly every: number;
  /** Whether jobs need the worker more. */
  readonly isBusy: () => boolean;
  readonly logger: Logger;
  readonly onError: (error: unknown) => void;
}

/**
 * Does the chores of the deployment, one after the other, at times that are random by half: the workers of a deployment
 * spread over the time between two rounds by themselves.
 */
export class Housekeeper {
  readonly #options: HousekeeperOptions;
  readonly #stopped = new AbortController();
  readonly #outages: ReadonlyMap<Chore, Outage>;
  #loop: Promise<void> = Promise.resolve();

  constructor(options: HousekeeperOptions) {
    const { chores, logger, onError } = options;
    this.#options = options;
    this.#outages = new Map(chores.map((chore) => [chore, new Outage(`tidying (${chore.name})`, logger, onError)]));
  }

  start(): void {
    const { chores, every } = this.#options;
    if (every > 0 && chores.length > 0) this.#loop = this.#run();
  }

  async stop(): Promise<void> {
    this.#stopped.abort();
    await Promise.race([this.#loop, pause(patience)]);
  }

  async #run(): Promise<void> {
    const { chores, every } = this.#options;
    const { signal } = this.#stopped;
    await pause(every * Math.random(), signal);
    while (!signal.aborted) {
      for (const chore of chores) {
        await this.#turn(signal);
        if (signal.aborted) return;
        await this.#do(chore);
      }
      await pause(every * (0.5 + Math.random()), signal);
    }
  }

  /** Gives way to jobs, but not for ever. */
  async #turn(signal: AbortSignal): Promise<void> {
    for (let i = 0; i < mostDelays && this.#options.isBusy(); i++) await pause(this.#options.every / 10, signal);
  }

  async #do(chore: Chore): Promise<void> {
    const outage = this.#outages.get(chore);
    try {
      const done = await chore.run();
      outage?.worked();
      if (done > 0) this.#options.logger.info({ chore: chore.name, done }, `tidied: ${chore.name}: ${done}`);
    } catch (error) {
      outage?.failed(error);
    }
  }
}
