import { type Broker, NotSupportedError, type QueueMode, queueModes } from "@tandemq/core";
import type { Config } from "../config/config.js";
import { rulesOf, shapesOf } from "../config/queue-rules.js";
import { NoStorageBroker } from "./no-storage/no-storage-broker.js";
import type { RelayedOutbox } from "./outbox/relayed-outbox.js";
import { RawBroker } from "./raw/raw-broker.js";
import type { Stores } from "./stores.js";

/** The broker of each mode that the configured queues have. */
export function composeModes(
  stores: Stores,
  config: Config,
  warn: (message: string) => void,
  outbox?: RelayedOutbox,
): ReadonlyMap<QueueMode, Broker> {
  const used = new Set(Object.values(config.queues).map(({ mode }) => mode));
  const modes = new Map<QueueMode, Broker>();
  for (const mode of queueModes) {
    const broker = used.has(mode) ? composeMode(mode, stores, config, warn, outbox) : undefined;
    if (broker) modes.set(mode, broker);
  }
  return modes;
}

/** A mode is a composition; `undefined` where a store that it needs is not configured. */
export function composeMode(
  mode: QueueMode,
  { mongo, redis, documents }: Stores,
  { keepFailures, queues }: Pick<Config, "keepFailures" | "queues">,
  warn: (message: string) => void,
  outbox?: RelayedOutbox,
): Broker | undefined {
  const shapeOf = shapesOf(queues);
  const ruleAt = rulesOf(queues);
  const factoryOf = (queue: string) => ruleAt(queue)?.factory;
  if (mode === "regular") return mongo?.broker({ shapeOf });
  if (!redis) return undefined;
  const options = { outbox, factoryOf };
  if (mode === "raw") {
    const live = redis.broker({ handsOutExpired: true, shapeOf });
    return documents && new RawBroker(live, documents, { ...options, shapeOf });
  }
  const counting = { countFinished: true, handsOutExpired: true, shapeOf };
  const storesSuccess = (queue: string) => ruleAt(queue)?.store.includes("success") === true;
  const keeping = redis.broker({ ...counting, keepFailures });
  const live = documents ? redis.broker(counting) : keeping;
  const store = documents ? { store: documents } : {};
  return new NoStorageBroker({ live, keeping, warn, storesSuccess, ...options, ...store });
}

/** @throws NotSupportedError when the stores do not allow the mode */
export function brokerOf(modes: ReadonlyMap<QueueMode, Broker>, mode: QueueMode): Broker {
  const broker = modes.get(mode);
  if (broker) return broker;
  throw new NotSupportedError(
    `${mode} queues need ${mode === "regular" ? "MongoDB" : mode === "raw" ? "MongoDB and Redis" : "Redis"}: configure it, or choose another mode`,
  );
}
