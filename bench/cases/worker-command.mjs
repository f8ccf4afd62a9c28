/** The `tandemq worker` command as users start it: memory when idle, and time from start to its first job. */
import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { now, sleep, until } from "../lib/clock.mjs";
import { countLedger, readLedger } from "../lib/ledger.mjs";
import { act, freshRun } from "../lib/measure.mjs";
import { start, stop } from "../lib/processes.mjs";
import { configOf } from "../peers/tandemq.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const command = join(root, "packages/tandemq/dist/cli/main.js");
const modes = ["no-storage", "raw", "regular"];

/** Resident megabytes of the supervisor, five seconds after its first job, with four children beside it. */
export function memoryCase({ share }) {
  return {
    name: "memory",
    title: "Resident memory of an idle supervisor",
    unit: "MB",
    variants: modes.map((mode) => ({ name: mode, mode })),
    measure: (services, { mode }) =>
      withWorker(services, mode, ["--concurrency", "25", "--processes", "4"], async (child) => {
        await sleep(5_000 * share);
        return Number(execFileSync("ps", ["-o", "rss=", "-p", String(child.pid)], { encoding: "utf8" })) / 1024;
      }),
  };
}

/** Milliseconds from the start of the command to the start of a job that waits, beside the least that Node needs. */
export function startCase() {
  const drivers = "await Promise.all([import('mongodb'), import('ioredis')]); process.exit()";
  return {
    name: "start",
    title: "Start of the command to its first job",
    unit: "ms",
    variants: [
      { name: "node -e 0", args: ["-e", "0"] },
      { name: "node + drivers", args: ["--input-type=module", "-e", drivers] },
      ...modes.map((mode) => ({ name: mode, mode })),
    ],
    measure: (services, { mode, args }) => (mode ? firstJob(services, mode) : wallTime(args)),
  };
}

const firstJob = (services, mode) => withWorker(services, mode, [], async (_, { began, first }) => first - began);

async function wallTime(args) {
  const began = now();
  await once(start(process.execPath, args, { cwd: root }), "exit");
  return now() - began;
}

/** Starts the command on a queue with one job, waits until the job ran, and stops it after `use`. */
async function withWorker(services, mode, flags, use) {
  const run = await freshRun(services, mode);
  await act(run, "fill", { count: 1 });
  writeFileSync(
    join(services.folder, "tandemq.config.mjs"),
    `export default ${JSON.stringify(configOf(mode, run.setup))}`,
  );
  const began = now();
  const child = start(process.execPath, [command, "worker", ...flags], {
    cwd: services.folder,
    env: { ...process.env, BENCH_LEDGER: run.ledger, NODE_ENV: "production" },
  });
  try {
    await until(() => countLedger(run.ledger) === 1, "the command's first job", { limit: 20_000 });
    return await use(child, { began, first: readLedger(run.ledger)[0].at });
  } finally {
    await stop(child, { patience: 10_000 });
  }
}
