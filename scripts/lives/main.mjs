/**
 * Proves the whole by random lives: programs that do anything that the API allows, workers and stores that are killed
 * meanwhile, and a story outside the product that everything is judged by. Needs Linux (it reads /proc). See `--help`.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pidsOfRun, send } from "../faults/processes.mjs";
import { createStores } from "../faults/stores.mjs";
import { live } from "./life.mjs";
import { readOptions } from "./options.mjs";
import { setupOf } from "./setup.mjs";

/** Sentences of one life that are shown, and characters of each: the rest is in its folder. */
const shown = { sentences: 8, characters: 2000 };

const options = options_();
const run = `lives-${process.pid}`;
const folder = mkdtempSync(join(tmpdir(), "tandemq-lives-"));
const stores = await createStores(folder, console.log);
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => void leave(130));
let broken = 0;
try {
  await Promise.all([stores.redis.start(), stores.mongo.start()]);
  for (let i = 0; i < options.lives; i++) broken += (await liveOne(options.seed + i)) ? 0 : 1;
} catch (error) {
  console.error(error);
  await leave(1);
}
console.log(`${options.lives} lives from seed ${options.seed} on, ${broken} of them broke a promise`);
await leave(broken > 0 ? 1 : 0);

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

/** Whether every promise was kept. */
async function liveOne(seed) {
  const setup = setupOf(seed, options);
  const { processes, faults, modes } = setup;
  process.stdout.write(`seed ${seed}: ${modes.join()}, processes ${processes.join()}, faults ${faults} ... `);
  const { violations, figures } = await live(setup, { folder, stores, run });
  const sums = `${figures.jobs} jobs, ${figures.runs} runs, ${figures.faults} faults`;
  console.log(`${sums}: ${violations.length === 0 ? "holds" : `VIOLATED, see ${join(folder, String(seed))}`}`);
  for (const sentence of violations.slice(0, shown.sentences)) console.log(`  ${sentence.slice(0, shown.characters)}`);
  return violations.length === 0;
}

/** Ends what this run started, and nothing else. The stories of broken lives are kept. */
async function leave(code) {
  for (const pid of pidsOfRun(run)) send(pid, "SIGKILL");
  await Promise.all([stores.redis.stop(), stores.mongo.stop()]);
  if (code === 0) rmSync(folder, { recursive: true, force: true });
  process.exit(code);
}
