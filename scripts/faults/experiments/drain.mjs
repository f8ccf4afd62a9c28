import { setTimeout as sleep } from "node:timers/promises";
import { recoveries } from "../ledger/recovery.mjs";
import { clock } from "../processes.mjs";

/** A claim that was on its way when the signal came may still start so long after it, milliseconds. */
const inFlight = 500;

/**
 * The stages of a shutdown, each on the worker that took over from the one before: finish what runs; give it back; kill it.
 * Nothing is lost, no attempt is consumed.
 */
export async function drain(rig) {
  const stages = [
    (worker) => finishWhatRuns(rig, worker),
    (worker) => giveBack(rig, worker, { does: "work", signals: 2, code: 3 }),
    (worker) => giveBack(rig, worker, { does: "deaf", signals: 3, code: 4 }),
  ];
  const violations = [];
  let worker = await rig.worker();
  for (const stage of stages) {
    violations.push(...(await stage(worker)));
    worker = await rig.worker();
    await rig.rest();
  }
  const used = rig.records().filter(({ verb, attempt }) => verb === "START" && attempt !== 1);
  if (used.length > 0) violations.push(`${used.length} runs that were given back consumed an attempt`);
  return { violations, recoveries: recoveries(rig.records(), rig.faults) };
}

/** One SIGTERM: what runs ends, what waits waits for the next worker. */
async function finishWhatRuns(rig, worker) {
  await Promise.all(Array.from({ length: 200 }, () => rig.producer.enqueue({ ms: rig.random.between(500, 1500) })));
  await rig.untilNextStart();
  const at = clock();
  const { code } = await worker.stop();
  const records = rig.records();
  const late = records.filter((record) => record.verb === "START" && record.at > at + inFlight).length;
  const [starts, ends] = ["START", "END"].map((verb) => records.filter((record) => record.verb === verb).length);
  return [
    ...(code === 0 ? [] : [`a drained worker ended with code ${code}, not 0`]),
    ...(late > 0 ? [`${late} jobs started after the first signal`] : []),
    ...(starts > ends ? [`${starts - ends} jobs that ran at the first signal did not end`] : []),
  ];
}

/** More signals for jobs that take a minute: the worker gives them back, and the next one runs them at once. */
async function giveBack(rig, worker, { does, signals, code }) {
  const isStart = ({ verb }) => verb === "START";
  const before = rig.records().filter(isStart).length;
  await Promise.all(Array.from({ length: 20 }, () => rig.producer.enqueue({ does, ms: [60_000, 10] })));
  await rig.until("20 long jobs run", before + 20, isStart);
  const pids = worker.pids();
  const at = clock();
  for (let i = 0; i < signals; i++) {
    worker.send("SIGTERM");
    await sleep(200);
  }
  const end = await worker.exit;
  rig.faults.push({ at, until: clock(), pids });
  return end.code === code ? [] : [`${does} jobs, ${signals} signals: exit code ${end.code}, not ${code}`];
}
