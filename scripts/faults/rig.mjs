import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { createClient } from "tandemq";
import { readLedger } from "./ledger/read.mjs";
import { judge } from "./ledger/verdict.mjs";
import { clock, until } from "./processes.mjs";
import { Producer } from "./producer.mjs";
import { WorkerProcess } from "./worker-process.mjs";

/** One experiment in one mode: its queue, its ledger, its client and the workers it starts. */
export class Rig {
  #run;
  #name;
  #client;
  #workers = [];
  faults = [];

  static async create(setup) {
    const { stores, mode, experiment } = setup;
    const folder = join(setup.folder, `${mode}-${experiment}`);
    mkdirSync(folder, { recursive: true });
    const urls = { mongo: stores.mongo.url, redis: stores.redis.url };
    const client = await createClient({ ...urls, prefix: setup.run, queues: { [`${mode}/*`]: mode } });
    return new Rig({ ...setup, folder, client });
  }

  constructor({ run, mode, experiment, folder, client, stores, random }) {
    this.#run = run;
    this.#name = `${mode}-${experiment}`;
    this.#client = client;
    this.queue = `${mode}/${experiment}`;
    this.folder = folder;
    this.stores = stores;
    this.random = random;
    this.producer = new Producer({ client, queue: this.queue, folder, random });
  }

  /** Starts a worker of 4 × 25 and waits until it can run jobs. */
  async worker({ processes = 4, flags = [] } = {}) {
    const name = `${this.#run}/${this.#name}/${this.#workers.length}/`;
    const shape = ["--concurrency", 25, "--processes", processes, "--log-level", "info"];
    const env = {
      TANDEMQ_MONGO: this.stores.mongo.url,
      TANDEMQ_REDIS: this.stores.redis.url,
      TANDEMQ_PREFIX: this.#run,
      FAULTS_LEDGER: this.folder,
    };
    const log = join(this.folder, `worker-${this.#workers.length}.log`);
    const worker = new WorkerProcess({ name, queue: this.queue, env, log, flags: [...shape, ...flags] });
    this.#workers.push(worker);
    await worker.ready();
    return worker;
  }

  records() {
    return readLedger(this.folder);
  }

  /** Until the ledger has so many records that match. */
  async until(what, count, match, within) {
    await until(what, () => this.records().filter(match).length >= count, within);
  }

  /** Until a run has begun that had not when this was called. */
  async untilNextStart() {
    const since = clock();
    await this.until("a job starts", 1, ({ verb, at }) => verb === "START" && at > since);
  }

  /** Until nothing of the queue is waiting or running, by the product's own counts. */
  async rest(within = 60_000) {
    const queue = this.#client.queue(this.queue);
    const isLive = ({ queued, started, retry, interrupt }) => queued + started + retry + interrupt > 0;
    await until("the queue is at rest", async () => !isLive(await queue.counts()), within, 50).catch(() => {});
  }

  async verdict(poison, window) {
    const counts = await this.#client.queue(this.queue).counts();
    return judge({ records: this.records(), faults: this.faults, counts, poison, window });
  }

  /** Stops the workers that run, as an operator would, and tells what of them is left. */
  async close() {
    const running = this.#workers.filter((worker) => worker.running);
    for (const worker of running) worker.send("SIGTERM");
    const gone = () => this.#workers.every((worker) => worker.pids().length === 0);
    await until("the workers are gone", gone, 30_000).catch(() => {});
    this.producer.close();
    await this.#client.close();
    return this.#workers.flatMap((worker) => worker.pids());
  }
}
