export * from "./memory-limiter.js";
export { MemoryBroker, type MemoryBrokerOptions } from "./memory-broker.js";
export {
  createMemoryDeployment,
  type MemoryDeploymentOptions,
} from "./memory-deployment.js";
export { MemoryJobLogs } from "./memory-job-logs.js";
export { MemoryJobStore } from "./memory-job-store.js";
export { MemoryRegistry } from "./memory-registry.js";
export { MemoryStore, type MemoryStoreOptions } from "./memory-store.js";
export { MemoryWakeups } from "./memory-wakeups.js";
