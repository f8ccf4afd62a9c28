/**
 * Proves that workers and producers go on by themselves where a store has several members: a MongoDB replica set of three
 * whose primary steps down, and a Redis group whose primary is killed and whose sentinels name another; and that jobs run
 * where both stores speak TLS only. Judged as by `prove:faults`, with one difference: Redis replicates after it has acknowledged, so what a new primary has not got is
 * told as lost, and is no violation.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { storeKill } from "./experiments/store-kill.mjs";
import { settleWindow } from "./ledger/verdict.mjs";
import { pidsOfRun, send } from "./processes.mjs";
import { Random } from "./random.mjs";
import { ReplicaSet } from "./replica-set.mjs";
import { runExperiment } from "./run-experiment.mjs";
import { Sentinels } from "./sentinels.mjs";
import { createStores } from "./stores.mjs";
import { table } from "./table.mjs";
import { proveTls } from "./tls.mjs";

const jobs = 300;
const limit = 30_000;
const topologies = [
  { name: "step-down", store: "mongo", make: ReplicaSet, modes: ["regular", "raw"], mayLose: false },
  { name: "sentinel", store: "redis", make: Sentinels, modes: ["raw", "no-storage"], mayLose: true },
];

const run = `topologies-${process.pid}`;
const folder = mkdtempSync(join(tmpdir(), "tandemq-topologies-"));
const started = new Set();
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => void leave(130));

const rows = [];
const broken = [];
try {
  const told = await proveTls(folder);
  console.log(`tls ... ${told.length === 0 ? "holds" : "VIOLATED"}`);
  broken.push(...told.map((sentence) => `tls: ${sentence}`));
  for (const topology of topologies) rows.push(...(await prove(topology)));
} catch (error) {
  console.error(error);
  await leave(1);
}
console.log(`\n${table(rows)}\n`);
broken.push(...rows.flatMap((row) => row.violations.map((sentence) => `${row.mode} ${row.experiment}: ${sentence}`)));
for (const sentence of broken) console.log(sentence);
await leave(broken.length > 0 ? 1 : 0);

async function prove({ name, store, make, modes, mayLose }) {
  const place = join(folder, name);
  const stores = { ...(await createStores(place, console.log)), [store]: await make.create(place, () => {}) };
  for (const one of Object.values(stores)) {
    started.add(one);
    await one.start();
  }
  const done = [];
  for (const mode of modes) {
    const experiment = { name, limit, window: settleWindow, run: (rig) => storeKill(rig, { store, kills: 1, jobs }) };
    const row = await runExperiment(experiment, { run, mode, folder: place, stores, random: new Random(1) });
    console.log(`${mode} ${name} ... ran for ${row.seconds} s`);
    done.push(mayLose ? { ...row, violations: row.violations.filter((one) => !isLoss(one)) } : row);
  }
  await stop(stores);
  return done;
}

/** A settlement that a new primary has not got runs again; a job that it has not got is gone. */
function isLoss(sentence) {
  return /never ended|in flight on a victim|counts tell/.test(sentence);
}

async function stop(stores) {
  for (const one of Object.values(stores)) {
    started.delete(one);
    await one.stop();
  }
}

/** Ends what this run started, and nothing else. The ledgers of a red run are kept. */
async function leave(code) {
  for (const pid of pidsOfRun(run)) send(pid, "SIGKILL");
  await stop([...started]);
  if (code === 1) console.log(`the ledgers are in ${folder}`);
  else rmSync(folder, { recursive: true, force: true });
  process.exit(code);
}
