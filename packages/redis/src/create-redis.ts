import type { Limiter, Registry, Wakeups } from "@tandemq/core";
import { ClaimSessions } from "./claim-sessions.js";
import { checkServer } from "./connection/check-server.js";
import { Connections } from "./connection/connections.js";
import { RedisInspector } from "./inspect/redis-inspector.js";
import { Keyspace } from "./keys.js";
import type { RedisBrokerOptions, RedisConnectOptions } from "./options.js";
import { RedisBroker, type SharedRedis } from "./redis-broker.js";
import { RedisLimiter } from "./redis-limiter.js";
import { RedisRegistry } from "./redis-registry.js";
import { RedisWakeups } from "./redis-wakeups.js";
import { RedisUpkeep } from "./upkeep/redis-upkeep.js";

/** One Redis as TandemQ uses it: everything made here shares its connections, which open when they are first needed. */
export interface RedisStore extends AsyncDisposable {
  /** A broker for queues that are kept alike; several with different options may stand side by side. */
  broker(options?: RedisBrokerOptions): RedisBroker;
  registry(): Registry;
  wakeups(): Wakeups;
  limiter(): Limiter;
  /** Looks at the server, for an operator. */
  inspector(): RedisInspector;
  /** What keeps the store tidy. */
  upkeep(): RedisUpkeep;
  /** Ends the connections of everything made here. May be called twice. */
  close(): Promise<void>;
}

export function createRedis(options: RedisConnectOptions = {}): RedisStore {
  const connections = new Connections(options);
  const keys = new Keyspace(options.prefix ?? "tq");
  const wakeups = new RedisWakeups(connections, keys);
  const registry = new RedisRegistry(connections, keys, wakeups);
  const check = once(() => checkServer(connections, options.warn ?? (() => undefined)));
  const shared: SharedRedis = { connections, keys, sessions: new ClaimSessions(), known: new Set(), wakeups, check };
  const close = async () => {
    wakeups.close();
    connections.close();
  };
  return {
    broker: (brokerOptions) => new RedisBroker(shared, brokerOptions),
    registry: () => registry,
    wakeups: () => wakeups,
    limiter: () => new RedisLimiter(connections, keys),
    inspector: () => new RedisInspector(connections),
    upkeep: () => new RedisUpkeep(connections, keys),
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** Runs until it has succeeded once; callers of the same time share a run. */
function once(run: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined;
  return () => {
    done ??= run().catch((error: unknown) => {
      done = undefined;
      throw error;
    });
    return done;
  };
}
