/** Starts runners, asks them things, and checks afterwards that every job ran once and the stores agree. */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { until } from "./clock.mjs";
import { assertExactlyOnce, countLedger, readLedger } from "./ledger.mjs";
import { start, stop } from "./processes.mjs";
import { loadPeer } from "../peers/index.mjs";

const runnerFile = fileURLToPath(new URL("./runner.mjs", import.meta.url));
const patience = 90_000;
let serial = 0;

/** A fresh place for one measurement: empty stores, a queue and a ledger of its own. */
export async function freshRun(services, peer, more) {
  await services.clear();
  return placeFor(services, peer, more);
}

/** A place for one measurement in stores as they are. */
export function placeFor(services, peer, { task = "add", ...more } = {}) {
  serial += 1;
  const { redisUrl, mongoUrl, folder } = services;
  return {
    peer,
    ledger: join(folder, `ledger-${serial}`),
    setup: { redisUrl, mongoUrl, folder, queue: "bench", task, ...more },
  };
}

/** Does one action in a process of its own and gives its answer. `patience` is for those that take long, ms more. */
export async function act(run, action, more, limits) {
  const runner = await startRunner(run, limits);
  try {
    return await runner.ask(action, more);
  } finally {
    await stop(runner.child, { signal: "SIGKILL" });
  }
}

/** A worker in a process of its own, and its `stop`, which lets it finish in good order. */
export async function startWorker(run, { action = "worker", ...more } = {}) {
  const runner = await startRunner(run);
  const kill = () => stop(runner.child, { signal: "SIGKILL" });
  await runner.ask(action, more).catch(async (error) => {
    await kill();
    throw error;
  });
  return { pid: runner.child.pid, stop: () => runner.ask("end").finally(kill) };
}

/** As many worker processes as the run's `replicas` says (1), for peers that have no processes of their own. */
export async function startWorkers(run) {
  const { replicas = 1 } = run.setup;
  const all = await Promise.all(Array.from({ length: replicas }, () => startWorker(run)));
  return { stop: () => Promise.all(all.map((one) => one.stop())) };
}

async function startRunner({ peer, setup, ledger }, { patience = 0 } = {}) {
  const env = { ...process.env, BENCH_LEDGER: ledger, NODE_ENV: "production" };
  const stdio = ["ignore", "ignore", process.env.BENCH_DEBUG ? "inherit" : "ignore", "ipc"];
  const child = start(process.execPath, [runnerFile], { env, stdio });
  await answerOf(child, peer);
  const ask = async (action, more) => {
    if (!child.connected) throw new Error(`${peer} ${action}: the process is gone`);
    child.send({ action, peer, setup: { ...setup, ...more } });
    return answerOf(child, `${peer} ${action}`, patience);
  };
  return { child, ask };
}

/** The process's next message; rejects when it tells an error, ends, or is silent for too long. */
function answerOf(child, what, more = 0) {
  return new Promise((resolve, reject) => {
    const fail = (why) => reject(new Error(`${what}: ${why}`));
    const onExit = (code, signal) => fail(`the process ended (${signal ?? `code ${code}`})`);
    const limit = patience + more;
    const timer = setTimeout(() => fail(`no answer in ${limit / 1000} s`), limit);
    child.once("exit", onExit);
    child.once("message", ({ answer, error }) => {
      clearTimeout(timer);
      child.off("exit", onExit);
      if (error) fail(error);
      else resolve(answer);
    });
  });
}

/** Waits until `count` jobs ran, in `runs` runs, and are settled, and checks everything that can be checked of them. */
export async function finish({ peer, setup, ledger }, count, runs = count) {
  await until(
    () => countLedger(ledger) >= runs,
    () => `${countLedger(ledger)} of ${runs} runs began`,
  );
  const idle = (seen) => seen.waiting === 0 && seen.running === 0;
  const looking = await loadPeer(peer);
  let seen;
  await until(
    async () => idle((seen = await looking.look(setup))),
    () => `settled: ${JSON.stringify(seen)}`,
  );
  if (seen.failed || seen.wrong) throw new Error(`${seen.failed} jobs failed, ${seen.wrong} wrong answers`);
  if (seen.done !== undefined && seen.done !== count) throw new Error(`${seen.done} of ${count} jobs are kept as done`);
}

/** The runs in the ledger, after a check that each job ran exactly once. */
export function runsOf({ ledger }, count, due) {
  const runs = readLedger(ledger);
  assertExactlyOnce(
    runs.map(({ number }) => number),
    count,
    due,
  );
  return runs;
}
