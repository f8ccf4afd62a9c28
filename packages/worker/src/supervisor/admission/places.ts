import type { LimitHold } from "@tandemq/core";
import { Line, type LineOptions } from "./line.js";

export interface PlacesOptions extends LineOptions {
  readonly extendEvery: number;
}

interface Held {
  readonly holds: readonly LimitHold[];
  /** `performance.now()` of the admission; `undefined` as soon as the delivery is this worker's. */
  since?: number | undefined;
}

/** The places under limits that this worker's deliveries hold: kept while they run, freed when they are over. */
export class Places {
  readonly #options: PlacesOptions;
  readonly #line: Line;
  readonly #held = new Map<string, Held>();
  readonly #releasing = new Set<Promise<void>>();
  #over: LimitHold[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(options: PlacesOptions) {
    this.#options = options;
    this.#line = new Line(options);
  }

  hold(delivery: string, holds: readonly LimitHold[]): void {
    const held = this.#held.get(delivery);
    if (held) this.#held.set(delivery, { ...held, holds: [...held.holds, ...holds] });
    else this.#held.set(delivery, { holds, since: performance.now() });
    this.#timer ??= setInterval(() => void this.#extend(), this.#options.extendEvery).unref();
  }

  /** There are limits: those who wait are not to be forgotten. */
  watch(): void {
    this.#line.watchAll();
  }

  /** The delivery is this worker's: its places are kept until it is over. */
  open(delivery: string): void {
    const held = this.#held.get(delivery);
    if (held) held.since = undefined;
  }

  get empty(): boolean {
    return this.#held.size === 0;
  }

  /** The delivery is over. Places of the same moment are freed together. */
  free(delivery: string): void {
    const held = this.#held.get(delivery);
    if (!held) return;
    this.#held.delete(delivery);
    if (this.#over.length === 0) queueMicrotask(() => void this.#release());
    this.#over.push(...held.holds);
  }

  /** Frees places at once and wakes the jobs that get them. What fails is tried again later. */
  async release(holds: readonly LimitHold[]): Promise<void> {
    if (holds.length === 0) return;
    const releasing = this.#line.release(holds).catch(this.#options.onError);
    this.#releasing.add(releasing);
    await releasing;
    this.#releasing.delete(releasing);
  }

  /** Resolves when what was to be freed is free. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await Promise.allSettled(this.#releasing);
    await this.#line.stop();
  }

  /** Claims that failed after their jobs were admitted, or came too late: nobody will tell that they are over. */
  #freeUnopened(before: number): void {
    for (const [delivery, { since }] of this.#held) if (since !== undefined && since < before) this.free(delivery);
  }

  #release(): Promise<void> {
    return this.release(this.#over.splice(0));
  }

  async #extend(): Promise<void> {
    const { deployment, lease, onError } = this.#options;
    this.#freeUnopened(performance.now() - lease / 2);
    const holds = [...this.#held.values()].flatMap((held) => held.holds);
    if (holds.length === 0) return;
    try {
      await deployment.limiter.extend(holds, lease);
    } catch (error) {
      onError(error);
    }
  }
}
