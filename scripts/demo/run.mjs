import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { createClient } from "tandemq";
import { answersOf, readStored, readWritten, timesOf } from "./answers.mjs";
import { compare, hashDirectly } from "./check.mjs";
import { listFiles } from "./files.mjs";
import { Progress } from "./progress.mjs";
import { demoQueues, readProgress } from "./queues.mjs";
import { printReport } from "./report.mjs";
import { startWorker } from "./worker.mjs";

const project = fileURLToPath(new URL("project/", import.meta.url));
const modules = fileURLToPath(new URL("../../node_modules/", import.meta.url));

/**
 * The main job on real input: every file below node_modules, once in each mode. Resolves with `true` when every answer
 * is right.
 *
 * @param cleanup steps to be run at the end or at Ctrl+C, last one first
 */
export async function runDemo({ mongoUrl, redisUrl }, cleanup) {
  const folder = await mkdtemp(join(tmpdir(), "tandemq-demo-"));
  cleanup.push(() => rm(folder, { recursive: true, force: true }));
  const env = { ...process.env, TANDEMQ_MONGO: mongoUrl, TANDEMQ_REDIS: redisUrl };
  const worker = startWorker(env, folder);
  cleanup.push(() => worker.stop());
  Object.assign(process.env, { TANDEMQ_MONGO: mongoUrl, TANDEMQ_REDIS: redisUrl });
  const client = await createClient(undefined, { cwd: project });
  cleanup.push(() => client.close());
  const files = await listFiles(modules);
  console.log(`\n${files.length} files below node_modules, once in each mode, on 4 processes x 25 slots:\n`);
  const out = join(folder, "no-storage.jsonl");
  const work = await digestAll(client, files, out, worker);
  return report(client, work, files, out);
}

async function digestAll(client, files, out, worker) {
  const before = new Map((await readProgress(client, 0, new Map())).map((row) => [row.queue, row]));
  const started = performance.now();
  const adding = Promise.all(demoQueues.map(({ queue }) => addAll(client, queue, files, out)));
  const [handles, rows] = await Promise.all([adding, watch(client, files.length, before, worker, started)]);
  return { handles, rows };
}

function addAll(client, queue, files, out) {
  const extra = queue === "demo-no-storage" ? { out } : {};
  return client.enqueueMany(
    "files.digest",
    files.map((file) => ({ file, ...extra })),
    { queue },
  );
}

async function watch(client, total, before, worker, started) {
  const progress = new Progress();
  const seconds = new Map();
  let gone;
  void worker.ended.then((end) => (gone = end));
  for (;;) {
    const rows = await readProgress(client, total, before);
    const elapsed = (performance.now() - started) / 1000;
    for (const row of rows) if (row.done < total || !seconds.has(row.queue)) seconds.set(row.queue, elapsed);
    if (rows.every((row) => row.done >= total)) {
      progress.end(rows);
      return rows.map((row) => ({ ...row, seconds: seconds.get(row.queue) }));
    }
    if (gone !== undefined) throw new Error(`the worker ended early (${gone}); its log is ${worker.log}`);
    progress.update(rows);
    await pause(250);
  }
}

async function report(client, { handles, rows }, files, out) {
  console.log("\nChecking the answers against hashes computed directly ...\n");
  const hashes = await hashDirectly(files);
  const times = new Map((await workerTimes(client)).entries());
  const verdicts = new Map();
  for (const [i, { queue }] of demoQueues.entries()) {
    const stored = queue === "demo-no-storage" ? undefined : await readStored(client, queue, handles[i]);
    verdicts.set(queue, compare(stored ? answersOf(stored) : await readWritten(out), hashes));
    if (stored) times.set(queue, timesOf(stored));
  }
  printReport(rows, times, verdicts);
  return (
    [...verdicts.values()].every(({ right }) => right === files.length) && rows.every(({ failed }) => failed === 0)
  );
}

/** The worker's own figures per queue: the only ones there are for a queue that keeps no jobs. */
async function workerTimes(client) {
  const [worker] = await client.workers();
  return new Map(Object.entries(worker?.report?.queues ?? {}));
}
