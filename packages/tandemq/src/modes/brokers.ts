import { type Broker, NotSupportedError, type QueueMode } from "@tandemq/core";
import type { Config } from "../config/config.js";
import { NoStorageBroker } from "./no-storage/no-storage-broker.js";
import { RawBroker } from "./raw/raw-broker.js";
import type { Stores } from "./stores.js";

/** The broker of each mode that the configured queues have: a mode is a composition. */
export function composeModes(
  { mongo, redis, documents }: Stores,
  { queues, keepFailures }: Config,
  warn: (message: string) => void,
): ReadonlyMap<QueueMode, Broker> {
  const used = new Set(Object.values(queues).map(({ mode }) => mode));
  const modes = new Map<QueueMode, Broker>();
  if (mongo && used.has("regular")) modes.set("regular", mongo.broker());
  if (redis && documents && used.has("raw")) modes.set("raw", new RawBroker(redis.broker(), documents));
  if (redis && used.has("no-storage")) {
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
