/**
 * Proves what the README promises about faults: kills children, workers and stores under load, and joins a ledger that is
 * kept outside the product with what the stores hold at the end. Needs Linux (it reads /proc). See `--help`.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { experiments } from "./experiments/index.mjs";
import { readOptions } from "./options.mjs";
import { pidsOfRun, send } from "./processes.mjs";
import { Random } from "./random.mjs";
import { runExperiment } from "./run-experiment.mjs";
import { createStores } from "./stores.mjs";
import { table } from "./table.mjs";

const options = options_();
const run = `faults-${process.pid}-${options.seed}`;
const folder = mkdtempSync(join(tmpdir(), "tandemq-faults-"));
const stores = await createStores(folder, console.log);
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => void leave(130));

console.log(`seed ${options.seed}, ledgers in ${folder}`);
const rows = await Promise.all([stores.redis.start(), stores.mongo.start()])
  .then(runAll)
  .catch(async (error) => {
    console.error(error);
    await leave(1);
  });
console.log(`\n${table(rows)}\n`);
for (const row of rows)
  for (const sentence of row.violations) console.log(`${row.mode} ${row.experiment}: ${sentence}`);
if (options.json) writeFileSync(options.json, `${JSON.stringify({ seed: options.seed, rows }, undefined, 2)}\n`);
await leave(rows.some(({ violations }) => violations.length > 0) ? 1 : 0);

function options_() {
  try {
    const read = readOptions(process.argv.slice(2));
    if (read.help === undefined) return read;
    console.log(read.help);
    process.exit(0);
  } catch (error) {
    console.error(error.message);
    process.exit(2);
  }
}

async function runAll() {
  const random = new Random(options.seed);
  const wanted = experiments(options.quick ? "quick" : "full").filter(({ name }) => options.names.includes(name));
  const done = [];
  for (const mode of options.modes) {
    for (const experiment of wanted) {
      process.stdout.write(`${mode} ${experiment.name} ... `);
      const row = await runExperiment(experiment, { run, mode, folder, stores, random });
      console.log(`${row.violations.length === 0 ? "holds" : "VIOLATED"} (${row.seconds} s)`);
      done.push(row);
    }
  }
  return done;
}

/** Ends what this run started, and nothing else. The ledgers of a red run are kept. */
async function leave(code) {
  for (const pid of pidsOfRun(run)) send(pid, "SIGKILL");
  await Promise.all([stores.redis.stop(), stores.mongo.stop()]);
  if (code === 1) console.log(`the ledgers are in ${folder}`);
  else rmSync(folder, { recursive: true, force: true });
  process.exit(code);
}
