export * from "@tandemq/core";
export type { Worker, WorkerEnd, WorkerEvents } from "@tandemq/worker";
export { currentJob, rateLimit } from "@tandemq/worker/current-job";
export type * from "./config/config.js";
export { type LoadedConfig, loadConfig, type LoadOptions } from "./config/load-config.js";
export { createClient, type CreateClientOptions } from "./create-client.js";
export { createWorker, type CreateWorkerOptions } from "./create-worker.js";
export { createDeployment, type DeploymentOptions } from "./modes/create-deployment.js";
export { runTask } from "./run-task.js";
