import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  type Broker,
  type Deployment,
  type Job,
  type JsonObject,
  type NewJob,
  type WorkerRecord,
  createMemoryDeployment,
  isFinal,
  newJobId,
} from "@tandemq/core";
import { type WorkerOptions, createWorker } from "@tandemq/worker";
import { type Logger, pino } from "pino";

export const fixtures: string = fileURLToPath(new URL("./fixtures/", import.meta.url));
export const tasks: WorkerOptions["tasks"] = { patterns: ["tasks.mjs"], cwd: fixtures };

/** Resolves with the first value of `look` that is neither `undefined` nor `false`. Only what hangs takes so long. */
export async function until<T>(
  look: () => T | Promise<T>,
  what: string,
  ms: number = 30_000,
): Promise<Exclude<T, undefined | null | false>> {
  const deadline = performance.now() + ms;
  for (;;) {
    const value = await look();
    if (value !== undefined && value !== null && value !== false) return value as Exclude<T, undefined | null | false>;
    if (performance.now() > deadline) throw new Error(`not within ${ms} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

export interface Line {
  readonly level: number;
  readonly msg: string;
  readonly [key: string]: unknown;
}

/** A logger whose lines a test can read. */
export function recorder(): { logger: Logger; lines: Line[] } {
  const lines: Line[] = [];
  const logger = pino({ level: "debug" }, { write: (text: string) => void lines.push(JSON.parse(text) as Line) });
  return { logger, lines };
}

export interface Note {
  readonly id: string;
  readonly attempt: number;
  readonly pid: number;
  readonly what: string;
}

/** A file in which tasks leave lines, whatever becomes of their process. */
export class Notes {
  readonly #folder: string = mkdtempSync(join(tmpdir(), "tandemq-worker-"));
  readonly file: string = join(this.#folder, "notes");

  read(): Note[] {
    if (!existsSync(this.file)) return [];
    const lines = readFileSync(this.file, "utf8").split("\n");
    return lines.filter(Boolean).map((line) => JSON.parse(line) as Note);
  }

  /** A file beside it that tasks can be told to wait for. */
  sign(name: string): { readonly file: string; give(): void } {
    const file = join(this.#folder, name);
    return { file, give: () => writeFileSync(file, "") };
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

export interface Bench {
  readonly deployment: Deployment;
  readonly broker: Broker;
  readonly lines: Line[];
  readonly worker: ReturnType<typeof createWorker>;
  add(path: string, params?: JsonObject, more?: Partial<NewJob>): Promise<string>;
  get(id: string): Promise<Job>;
  /** The job when it is over. */
  final(id: string, ms?: number): Promise<Job>;
  record(): Promise<WorkerRecord | undefined>;
}

const open = new Set<ReturnType<typeof createWorker>>();

/** A worker on queue `q` of a deployment in memory, not started. */
export async function bench(options: Partial<WorkerOptions> = {}, wrap?: (broker: Broker) => Broker): Promise<Bench> {
  const deployment = options.deployment ?? createMemoryDeployment();
  const { broker } = await deployment.route("q");
  if (wrap || !options.deployment) wrapSources(deployment, wrap ?? ((b) => b));
  const { logger, lines } = recorder();
  const worker = createWorker({ tasks, logger, queues: ["q"], ...options, deployment });
  open.add(worker);
  const get = async (id: string) => {
    const [job] = await broker.get([{ id, queue: "q" }]);
    if (!job) throw new Error(`no job ${id}`);
    return job;
  };
  return {
    ...{ deployment, broker, lines, worker, get },
    add: async (path, params = {}, more = {}) => {
      const id = newJobId();
      await broker.enqueue([
        { id, queue: "q", path, params: JSON.stringify(params), priority: 0, due: { after: 0 }, ...more },
      ]);
      return id;
    },
    final: (id, ms) => until(async () => settledJob(await get(id)), `job ${id} is over`, ms),
    record: async () => (await deployment.registry.workers()).find(({ id }) => id === worker.id),
  };
}

/** Ends all workers that a test left running. To be called after each test. */
export async function endWorkers(): Promise<void> {
  await Promise.all([...open].map((worker) => worker.stop("kill")));
  open.clear();
}

function wrapSources(deployment: Deployment, wrap: (broker: Broker) => Broker): void {
  const sources = deployment.sources.bind(deployment);
  deployment.sources = async (queues) => {
    const found = await sources(queues);
    return found.map((source) => ({
      ...{ name: source.name, broker: wrap(source.broker) },
      queues: () => source.queues(),
      onQueues: (listener) => source.onQueues(listener),
    }));
  };
}

function settledJob(job: Job): Job | undefined {
  return isFinal(job.status) ? job : undefined;
}

/** The broker with some methods replaced. */
export function patched(broker: Broker, changes: Partial<Broker>): Broker {
  return new Proxy(broker, {
    get(target, name) {
      const value: unknown = name in changes ? Reflect.get(changes, name) : Reflect.get(target, name, target);
      return typeof value === "function" && !(name in changes) ? (value.bind(target) as unknown) : value;
    },
  });
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !readFileSync(`/proc/${pid}/stat`, "utf8").includes(") Z ");
  } catch {
    return false;
  }
}
