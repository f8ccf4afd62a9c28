import { setTimeout as sleep } from "node:timers/promises";
import { clock } from "../processes.mjs";
import { recoveries } from "../ledger/recovery.mjs";

/** A claim that was on its way when the signal came may still start so long after it, milliseconds. */
const inFlight = 500;

/** The stages of a shutdown: finish what runs; give it back; kill it. Nothing is lost, no attempt is consumed. */
export async function drain(rig) {
  const violations = [
    ...(await finishWhatRuns(rig)),
    ...(await giveBack(rig, { does: "work", signals: 2, code: 3 })),
    ...(await giveBack(rig, { does: "deaf", signals: 3, code: 4 })),
  ];
  const used = rig.records().filter(({ verb, attempt }) => verb === "START" && attempt !== 1);
  if (used.length > 0) violations.push(`${used.length} runs that were given back consumed an attempt`);
  return { violations, recoveries: recoveries(rig.records(), rig.faults) };
}

/** One SIGTERM: what runs ends, what waits waits for the next worker. */
async function finishWhatRuns(rig) {
  const worker = await rig.worker();
  await Promise.all(Array.from({ length: 200 }, () => rig.producer.enqueue({ ms: rig.random.between(500, 1500) })));
  await rig.untilNextStart();
  const at = clock();
  worker.send("SIGTERM");
  const { code } = await worker.exit;
  const late = rig.records().filter((record) => record.verb === "START" && record.at > at + inFlight).length;
  const starts = rig.records().filter(({ verb }) => verb === "START").length;
  const ends = rig.records().filter(({ verb }) => verb === "END").length;
  const next = await rig.worker();
  await rig.rest();
  await next.stop();
  return [
    ...(code === 0 ? [] : [`a drained worker ended with code ${code}, not 0`]),
    ...(late > 0 ? [`${late} jobs started after the first signal`] : []),
    ...(starts > ends ? [`${starts - ends} jobs that ran at the first signal did not end`] : []),
  ];
}

/** More signals for jobs that take a minute: they are given back and run at once in the next worker. */
async function giveBack(rig, { does, signals, code }) {
  const worker = await rig.worker();
  const before = rig.records().filter(({ verb }) => verb === "START").length;
  await Promise.all(Array.from({ length: 20 }, () => rig.producer.enqueue({ does, ms: [60_000, 10] })));
  await rig.until("20 long jobs run", before + 20, ({ verb }) => verb === "START");
  const pids = worker.pids();
  const at = clock();
  for (let i = 0; i < signals; i++) {
    worker.send("SIGTERM");
    await sleep(200);
  }
  const end = await worker.exit;
  rig.faults.push({ at, until: clock(), pids });
  const next = await rig.worker();
  await rig.rest();
  await next.stop();
  return end.code === code ? [] : [`${does} jobs, ${signals} signals: exit code ${end.code}, not ${code}`];
}
