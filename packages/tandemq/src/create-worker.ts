import type { Deployment } from "@tandemq/core";
import type { Worker, WorkerOptions } from "@tandemq/worker";
import type { DestinationStream, Logger } from "pino";
import type { Config, UserConfig } from "./config/config.js";
import { type LoadOptions, loadConfig } from "./config/load-config.js";
import { keepFor } from "./config/retention.js";
import { refuseHardLimits } from "./modes/queue-settings.js";
import { createDeployment } from "./modes/create-deployment.js";
import { loadDrivers } from "./modes/stores.js";

export interface CreateWorkerOptions
  extends Omit<LoadOptions, "config" | "storeless">,
    Pick<WorkerOptions, "queues" | "maxJobs" | "maxTime" | "burst" | "untilIdle"> {
  /** Default: pino on standard output, at the configured level. */
  readonly logger?: Logger;
  /** Where pino writes instead of standard output. */
  readonly logTo?: DestinationStream;
}

/**
 * A worker as the configuration says; `start()` runs it, in this process where `processes` is 0. Its connections are
 * closed when it has stopped.
 *
 * @param own the configuration; left out, `tandemq.config.js` is found from the working directory upward
 * @throws ConfigError with all mistakes at once
 */
export async function createWorker(own?: UserConfig, options: CreateWorkerOptions = {}): Promise<Worker> {
  return makeWorker(own, options, async () => {});
}

/**
 * As {@link createWorker}, for who starts the worker at once: the stores are connected while the worker's code is loaded.
 * If they cannot be, `start()` tells.
 */
export async function createWorkerToStart(options: CreateWorkerOptions): Promise<Worker> {
  return makeWorker(undefined, options, async (config, deployment) => {
    await loadDrivers(config);
    deployment.start().catch(() => {});
  });
}

async function makeWorker(
  own: UserConfig | undefined,
  options: CreateWorkerOptions,
  connect: (config: Config, deployment: Deployment) => Promise<void>,
): Promise<Worker> {
  const { config, warnings } = await loadConfig({ ...options, ...(own ? { config: own } : {}) });
  refuseHardLimits(config.queues, config.worker.processes);
  const early = warnings.map(({ path, message }) => (path ? `${path}: ${message}` : message));
  let warn = (message: string): void => void early.push(message);
  const deployment = createDeployment(config, { warn: (message) => warn(message) });
  try {
    await connect(config, deployment);
    // Loaded here, because every task file imports this package and needs none of it. One after the other: Jest cannot
    // load modules side by side that share others.
    const { createWorker: createCoreWorker } = await import("@tandemq/worker");
    const { pino } = await import("pino");
    const logger =
      options.logger ?? pino({ name: "tandemq", level: config.logLevel }, options.logTo ?? pino.destination(1));
    warn = (message) => logger.warn(message);
    for (const message of early) warn(message);
    return createCoreWorker({ ...settingsOf(config, options), deployment, logger, release: () => deployment.close() });
  } catch (error) {
    await deployment.close();
    throw error;
  }
}

function settingsOf(
  config: Config,
  { queues, maxJobs, maxTime, burst, untilIdle }: CreateWorkerOptions,
): Omit<WorkerOptions, "deployment" | "logger" | "release"> {
  const { recycle, ...settings } = config.worker;
  return {
    ...settings,
    tasks: { ...config.tasks, rules: config.taskOptions },
    redact: config.redact,
    keepFor: (job, status) => keepFor(config.retention, job, status),
    recycle: recycleOptions(recycle),
    ...(queues ? { queues } : {}),
    ...(maxJobs === undefined ? {} : { maxJobs }),
    ...(maxTime === undefined ? {} : { maxTime }),
    ...(burst === undefined ? {} : { burst }),
    ...(untilIdle === undefined ? {} : { untilIdle }),
  };
}

function recycleOptions({ jobs, memory, time }: Config["worker"]["recycle"]) {
  return {
    ...(jobs === undefined ? {} : { jobs }),
    ...(memory === undefined ? {} : { memoryMb: memory }),
    ...(time === undefined ? {} : { after: time }),
  };
}
