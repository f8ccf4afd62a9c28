import { hostname } from "node:os";
import { type IntervalHistogram, monitorEventLoopDelay } from "node:perf_hooks";
import type { Json, Registry, WorkerRecord } from "@tandemq/core";
import type { Logger } from "pino";
import type { WorkerSettings } from "../../options.js";
import type { ExecutorPool } from "../../pools/executor-pool.js";
import type { SoloPool } from "../../pools/solo-pool.js";
import { withDeadline } from "../waiting/deadline.js";
import type { Ledger } from "../holding/ledger.js";
import { Outage } from "../waiting/outage.js";
import type { RunningJob, WorkerReport } from "./report.js";
import type { Statistics } from "./statistics.js";

const maxListed = 1000;

/** Most queues, and most tasks, that a heartbeat names. */
const maxNamed = 1000;

export interface ReporterOptions {
  readonly settings: WorkerSettings;
  readonly registry: Registry;
  readonly ledger: Ledger;
  readonly statistics: Statistics;
  readonly main: ExecutorPool;
  readonly solo: SoloPool;
  readonly queues: () => readonly string[];
  readonly mismatched: () => readonly string[];
  readonly tasks: () => readonly string[];
  readonly state: () => string;
  readonly logger: Logger;
  readonly onError: (error: unknown) => void;
}

/** Tells the registry, every heartbeat, that this worker lives and what it does. It is the last thing to stop. */
export class Reporter {
  readonly #options: ReporterOptions;
  readonly #outage: Outage;
  readonly #delay: IntervalHistogram = monitorEventLoopDelay({ resolution: 50 });
  readonly #startedAt: Date = new Date();
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(options: ReporterOptions) {
    this.#options = options;
    this.#outage = new Outage("the heartbeat", options.logger, options.onError);
  }

  start(): void {
    this.#delay.enable();
    void this.#beat();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    this.#delay.disable();
    const { registry, settings } = this.#options;
    await withDeadline(registry.forgetWorker(settings.session), 1000, "forgetWorker").catch(() => {});
  }

  report(): WorkerReport {
    const { ledger, statistics, main, solo } = this.#options;
    const { done, failed, retried, givenBack, lost } = statistics;
    return {
      ...{ done, failed, retried, givenBack, lost },
      running: this.#running(),
      runningCount: ledger.running,
      waitingAlone: solo.waiting,
      queues: statistics.queues(),
      supervisor: this.#own(),
      children: [...main.children, ...solo.children],
    };
  }

  /** A registry that cannot be reached is only warned about: jobs are safe by their leases. */
  async #beat(): Promise<void> {
    const { registry, settings } = this.#options;
    try {
      await withDeadline(
        registry.heartbeat(this.#record(), settings.heartbeat * 4),
        settings.heartbeat * 2 + 1000,
        "heartbeat",
      );
      this.#outage.worked();
    } catch (error) {
      this.#outage.failed(error);
    }
    if (!this.#stopped) this.#timer = setTimeout(() => void this.#beat(), settings.heartbeat);
  }

  #record(): Omit<WorkerRecord, "seenAt"> {
    const { settings, state } = this.#options;
    const { session: id, concurrency, processes } = settings;
    const report = this.report() as unknown as Json;
    this.#delay.reset();
    const identity = { id, host: hostname(), pid: process.pid, startedAt: this.#startedAt };
    const { only, except } = settings;
    const layout = { concurrency, processes, only, except };
    return { ...identity, ...layout, ...this.#queues(), ...this.#tasks(), state: state(), report };
  }

  #queues(): Pick<WorkerRecord, "queues" | "serves" | "mismatched"> {
    const { settings, queues, mismatched } = this.#options;
    const others = mismatched().slice(0, maxNamed);
    const serves = settings.queues.slice(0, maxNamed);
    return { queues: queues().slice(0, maxNamed), serves, ...(others.length > 0 ? { mismatched: others } : {}) };
  }

  #tasks(): Pick<WorkerRecord, "tasks" | "tasksCut"> {
    const tasks = this.#options.tasks();
    return { tasks: tasks.slice(0, maxNamed), ...(tasks.length > maxNamed ? { tasksCut: true } : {}) };
  }

  #running(): RunningJob[] {
    const jobs: RunningJob[] = [];
    for (const { claim, state, since, pid = 0, progress = null } of this.#options.ledger.all()) {
      if (jobs.length >= maxListed) break;
      const { id, path, queue, attempt } = claim;
      if (state === "running")
        jobs.push({ id, path, queue, attempt, ms: Math.round(performance.now() - since), pid, progress });
    }
    return jobs;
  }

  #own(): WorkerReport["supervisor"] {
    const { user, system } = process.cpuUsage();
    const delay = Number.isFinite(this.#delay.max) ? this.#delay.max / 1e6 : 0;
    return { rss: process.memoryUsage.rss(), cpu: Math.round((user + system) / 1000), loopDelay: Math.round(delay) };
  }
}
