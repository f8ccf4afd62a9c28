import { recoveries } from "../ledger/recovery.mjs";

/** First delivery and those after a loss: `maxLost` (3) of them. */
const mostStarts = 4;

/** Jobs that end or hold their process, among healthy ones: they are set aside, the healthy ones all run. */
export async function poison(rig, { jobs, fates }) {
  await rig.worker({ flags: ["--kill-after", "1s"] });
  const half = rig.producer.burst(jobs / 2);
  const numbers = await Promise.all(
    fates.map((does) => rig.producer.enqueue({ does }, does === "loop" ? { timeout: "1s" } : {})),
  );
  await Promise.all([half, rig.producer.burst(jobs / 2)]);
  await rig.rest();
  const poisoned = new Set(numbers);
  rig.faults.push(...deathsBy(poisoned, rig.records()));
  return {
    poison: poisoned,
    recoveries: recoveries(rig.records(), rig.faults),
    violations: tooManyStarts(poisoned, rig.records()),
  };
}

/** The process on which a poison job started dies of it; when exactly, its last record tells at the earliest. */
function deathsBy(poisoned, records) {
  const starts = records.filter(({ verb, number }) => verb === "START" && poisoned.has(number));
  return starts.map(({ at, pid }) => ({ at, until: records.findLast((record) => record.pid === pid).at, pids: [pid] }));
}

function tooManyStarts(poisoned, records) {
  const count = (wanted) => records.filter(({ verb, number }) => verb === "START" && number === wanted).length;
  const wrong = [...poisoned].filter((number) => count(number) > mostStarts);
  return wrong.map((number) => `a poison job ran ${count(number)} times`);
}
