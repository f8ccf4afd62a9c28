import { setTimeout as sleep } from "node:timers/promises";
import { recoveries } from "../ledger/recovery.mjs";
import { clock, isAlive, send, until } from "../processes.mjs";

/** `kill -9` of a random child at a random moment of a burst of jobs. */
export async function childKill(rig, { kills, jobs }) {
  const worker = await rig.worker();
  for (let i = 0; i < kills; i++) {
    const burst = rig.producer.burst(jobs / kills);
    await rig.untilNextStart();
    await sleep(rig.random.between(0, 60));
    rig.faults.push(await kill(rig.random.pick(worker.children())));
    await burst;
  }
  await rig.rest();
  return { recoveries: recoveries(rig.records(), rig.faults) };
}

async function kill(pid) {
  const at = clock();
  send(pid, "SIGKILL");
  await until("a killed child is gone", () => !isAlive(pid));
  return { at, until: clock(), pids: [pid] };
}
