import { resolve } from "node:path";
import { type options as o, plainShape } from "@tandemq/core";
import type { Config, QueueRule, StoreOptions } from "./config.js";
import type { RawConfig } from "./schema.js";

const plainRule = { ...plainShape, again: undefined, factory: undefined, store: [], limit: [] } as const;

/** Fills in what follows from other options. */
export function complete(raw: RawConfig, tasksFolder: string, folder: string): Config {
  const { mongo, redis, queues, tasks, middleware, worker, ...rest } = raw;
  return {
    ...rest,
    mongo: mongo && { url: urlOf(mongo) },
    redis: redis && { url: urlOf(redis) },
    queues: queues ?? { default: { ...plainRule, mode: mongo ? "regular" : "no-storage" } },
    tasks: { patterns: tasks, cwd: tasksFolder, middleware: middleware.map((file) => resolve(folder, file)) },
    worker: { ...worker, extendEvery: worker.extendEvery ?? Math.max(20, Math.floor(worker.lease / 3)) },
  };
}

/**
 * The rules between options.
 *
 * @param searched the folder from which upward no configuration file was found
 */
export function checkRules(config: Config, report: o.Report, searched?: string): void {
  if (!config.mongo && !config.redis) {
    const unfound =
      searched === undefined ? "" : `; there is no tandemq.config.js in ${searched}, nor in a folder above`;
    report.mistake(
      "",
      `no store is configured: set mongo (TANDEMQ_MONGO), redis (TANDEMQ_REDIS) or both; \`tandemq services start\` brings up both on this machine${unfound}`,
    );
    return;
  }
  checkLease(config, report);
  for (const [name, queue] of Object.entries(config.queues)) checkQueue(config, name, queue, report);
}

function checkLease({ worker: { lease, extendEvery } }: Config, report: o.Report): void {
  if (lease > 2 * extendEvery) return;
  report.mistake(
    "worker.extendEvery",
    `expected less than half of worker.lease (${lease} ms), so that one failed extension costs no lease; got ${extendEvery} ms`,
  );
}

function checkQueue({ mongo, redis }: Config, name: string, queue: QueueRule, report: o.Report) {
  const { mode, store } = queue;
  const path = `queues[${JSON.stringify(name)}]`;
  if (mode !== "no-storage" && !mongo) {
    report.mistake(path, `a ${mode} queue needs MongoDB: set mongo (TANDEMQ_MONGO), or make the queue "no-storage"`);
  }
  if (mode !== "regular" && !redis) {
    report.mistake(path, `a ${mode} queue needs Redis: set redis (TANDEMQ_REDIS), or make the queue "regular"`);
  }
  if (store.length > 0 && !(mode === "no-storage" && mongo)) {
    report.mistake(`${path}.store`, "only no-storage queues beside MongoDB choose what is stored: leave it out here");
  }
  checkShape(path, queue, report);
}

function checkShape(path: string, { mode, kind, order, again, factory }: QueueRule, report: o.Report): void {
  if (mode === "regular" && kind !== "fifo") {
    report.mistake(
      `${path}.kind`,
      `a regular queue is ordered by MongoDB, as "fifo": make the queue "raw" to have "${kind}"`,
    );
  }
  if (mode === "regular" && factory) {
    report.mistake(`${path}.factory`, 'members are kept in Redis alone: make the queue "raw" or "no-storage"');
  }
  if (order === "lifo" && kind !== "fifo")
    report.mistake(`${path}.order`, `a queue of kind "${kind}" has its own order`);
  if (again !== undefined && kind !== "timed")
    report.mistake(`${path}.again`, 'only entries of kind "timed" come again');
}

/** The address with the credentials that were given beside it. */
function urlOf({ url, username, password }: StoreOptions): string {
  if (username === undefined && password === undefined) return url;
  const scheme = url.slice(0, url.indexOf("://") + 3);
  const rest = url.slice(scheme.length);
  const credentials = [username ?? "", ...(password === undefined ? [] : [password])].map(encodeURIComponent).join(":");
  return `${scheme}${credentials}@${rest.slice(rest.lastIndexOf("@") + 1)}`;
}
