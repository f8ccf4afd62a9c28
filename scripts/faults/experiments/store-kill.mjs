import { setTimeout as sleep } from "node:timers/promises";
import { clock } from "../processes.mjs";

/** How long after the store is back the jobs that were held up meanwhile may still settle, milliseconds. */
const settling = 5000;

/** `kill -9` of a store server under load, and its restart: workers and producers go on by themselves. */
export async function storeKill(rig, { store, kills, jobs }) {
  const server = rig.stores[store];
  const worker = await rig.worker();
  const back = [];
  for (let i = 0; i < kills; i++) {
    const load = openLoop(rig, jobs / kills);
    await sleep(rig.random.between(300, 1000));
    const at = clock();
    const pids = worker.pids();
    await server.kill();
    await sleep(rig.random.between(500, 4000));
    back.push(clock());
    await server.start();
    rig.faults.push({ at, until: clock() + settling, pids });
    await load;
    await rig.rest();
  }
  const alive = worker.running ? [] : [`the worker did not survive the death of ${store}:\n${worker.tail()}`];
  return { recoveries: firstStarts(rig.records(), back), violations: alive };
}

/** One job every 4 ms, whatever becomes of the earlier ones. */
async function openLoop(rig, count) {
  const all = [];
  for (let i = 0; i < count; i++) {
    all.push(rig.producer.enqueue({ ms: rig.random.between(5, 50) }));
    await sleep(4);
  }
  await Promise.all(all);
}

/** From the store's restart to the next start of any job. */
function firstStarts(records, times) {
  const starts = records.filter(({ verb }) => verb === "START").map(({ at }) => at);
  return times.map((time) => starts.find((at) => at > time) - time).filter((ms) => !Number.isNaN(ms));
}
