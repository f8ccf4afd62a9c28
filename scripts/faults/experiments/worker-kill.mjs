import { setTimeout as sleep } from "node:timers/promises";
import { recoveries } from "../ledger/recovery.mjs";

/** Longest life of a child after its supervisor's death, milliseconds. */
const orphanLimit = 2000;

/** `kill -9` of the supervisor, once per given lease, and a new worker after each. The children must end by themselves. */
export async function workerKill(rig, { leases, jobs }) {
  let worker = await rig.worker({ flags: leaseFlags(leases[0]) });
  for (const next of [...leases.slice(1), undefined]) {
    const burst = rig.producer.burst(Math.floor(jobs / leases.length));
    await rig.untilNextStart();
    await sleep(rig.random.between(0, 150));
    rig.faults.push(await worker.kill());
    await burst;
    worker = await rig.worker({ flags: leaseFlags(next) });
    await rig.rest();
  }
  const orphans = rig.faults.filter(({ at, until }) => until - at > orphanLimit);
  const violations = orphans.map(
    ({ at, until }) => `children outlived their supervisor by ${Math.round(until - at)} ms`,
  );
  return { recoveries: recoveries(rig.records(), rig.faults), violations };
}

/** No lease given: the default one. */
function leaseFlags(lease) {
  return lease === undefined ? [] : ["--lease", lease];
}
