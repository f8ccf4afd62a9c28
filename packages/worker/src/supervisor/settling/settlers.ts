import type { Source } from "@tandemq/core";
import type { Logger } from "pino";
import { Settler, type SettlerListener } from "./settler.js";

/** The settler of each source. */
export class Settlers {
  readonly #all = new Map<Source, Settler>();

  open(sources: readonly Source[], listener: SettlerListener, logger: Logger): void {
    for (const source of sources) this.#all.set(source, new Settler(source, listener, logger));
  }

  of(source: Source): Settler {
    const settler = this.#all.get(source);
    if (!settler) throw new Error(`no settler for ${source.name}`);
    return settler;
  }

  /** What no store took is left to its lease. */
  abandon(): void {
    for (const settler of this.#all.values()) settler.abandon();
  }
}
