import { isOpen, type Source } from "@tandemq/core";
import type { WorkerSettings } from "../../options.js";
import { Fetcher, type FetcherOptions } from "./fetcher.js";
import { queueOrder } from "./queue-order.js";

/**
 * Longest wait for a wake-up before looking again, milliseconds: shorter where the end of a burst waits for it. A wake-up
 * that was lost costs no more than this.
 */
const look = { burst: 100, always: 5000 };

type Settled = "source" | "lease" | "session" | "logger" | "order" | "paths" | "look";

/** The fetcher of one source, as the settings want it. */
export function createFetcher(source: Source, settings: WorkerSettings, parts: Omit<FetcherOptions, Settled>): Fetcher {
  const { lease, session, logger, burst, strategy, weights, only, except } = settings;
  return new Fetcher({
    ...{ source, lease, session, logger },
    ...parts,
    order: queueOrder(strategy, weights),
    ...(isOpen({ only, except }) ? {} : { paths: { only, except } }),
    look: burst ? look.burst : look.always,
  });
}
