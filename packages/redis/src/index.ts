export { createRedis, type RedisStore } from "./create-redis.js";
export type { MalformedEntry } from "./operations/malformed.js";
export type { RedisBrokerOptions, RedisConnectOptions } from "./options.js";
export { RedisBroker } from "./redis-broker.js";
export { RedisRegistry } from "./redis-registry.js";
export { RedisWakeups } from "./redis-wakeups.js";
export type { RedisFacts, RedisInspector } from "./inspect/redis-inspector.js";
export type { RedisUpkeep } from "./upkeep/redis-upkeep.js";
