import { type Broker, NotSupportedError, type QueueMode } from "@tandemq/core";
import { NoStorageBroker } from "./no-storage/no-storage-broker.js";
import { RawBroker } from "./raw/raw-broker.js";
import type { Stores } from "./stores.js";

/** The broker of each mode that the stores allow: a mode is a composition. */
export function composeModes(
  stores: Stores,
  keepFailures: number,
  warn: (message: string) => void,
): ReadonlyMap<QueueMode, Broker> {
  const { mongo, redis, documents } = stores;
  const modes = new Map<QueueMode, Broker>();
  if (mongo) modes.set("regular", mongo.broker());
  if (redis && documents) modes.set("raw", new RawBroker(redis.broker(), documents));
  if (redis) {
    const keeping = redis.broker({ countFinished: true, keepFailures });
    const live = documents ? redis.broker({ countFinished: true }) : keeping;
    modes.set("no-storage", new NoStorageBroker({ live, keeping, warn, ...(documents ? { store: documents } : {}) }));
  }
  return modes;
}

/** @throws NotSupportedError when the stores do not allow the mode */
export function brokerOf(modes: ReadonlyMap<QueueMode, Broker>, mode: QueueMode): Broker {
  const broker = modes.get(mode);
  if (broker) return broker;
  throw new NotSupportedError(
    `${mode} queues need ${mode === "regular" ? "MongoDB" : mode === "raw" ? "MongoDB and Redis" : "Redis"}: configure it, or choose another mode`,
  );
}
