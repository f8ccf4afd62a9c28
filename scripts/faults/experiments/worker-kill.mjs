import { setTimeout as sleep } from "node:timers/promises";
import { recoveries } from "../ledger/recovery.mjs";

/** Longest life of a child after its supervisor's death, milliseconds. */
const orphanLimit = 2000;

/**
 * `kill -9` of the supervisor under load, and a new worker after it. The children must end by themselves.
 *
 * @param lease such as `"3s"`; none: the default one
 * @param patience how many times the limit of a child's life is allowed
 */
export async function workerKill(rig, { kills, lease, jobs, patience = 1 }) {
  const flags = lease === undefined ? [] : ["--lease", lease];
  let worker = await rig.worker({ flags });
  for (let i = 0; i < kills; i++) {
    const burst = rig.producer.burst(jobs / kills);
    await rig.untilNextStart();
    await sleep(rig.random.between(0, 60));
    rig.faults.push(await worker.kill());
    await burst;
    worker = await rig.worker({ flags });
    await rig.rest();
  }
  const slow = rig.faults.filter(({ at, until }) => until - at > orphanLimit * patience);
  return { recoveries: recoveries(rig.records(), rig.faults), violations: slow.map(orphans) };
}

const orphans = ({ at, until }) => `children outlived their supervisor by ${Math.round(until - at)} ms`;
