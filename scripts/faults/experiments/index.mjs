import { childKill } from "./child-kill.mjs";
import { drain } from "./drain.mjs";
import { poison } from "./poison.mjs";
import { storeKill } from "./store-kill.mjs";
import { workerKill } from "./worker-kill.mjs";

const fates = ["exit", "segfault", "loop", "exit"];
const full = { jobs: 2000, kills: 10, leases: ["3s", "3s", undefined], fates, storeKills: 2 };
const short = { jobs: 400, kills: 3, leases: ["2s"], fates: ["exit"], storeKills: 1 };

/** The experiments in their order. `quick`: a first look in place of a proof. */
export function experiments(quick) {
  return plan(quick ? short : full);
}

function plan({ jobs, kills, leases, fates, storeKills }) {
  return [
    { name: "child-kill", run: (rig) => childKill(rig, { kills, jobs }) },
    { name: "worker-kill", run: (rig) => workerKill(rig, { leases, jobs }) },
    { name: "drain", run: (rig) => drain(rig) },
    { name: "poison", run: (rig) => poison(rig, { jobs: jobs / 4, fates }) },
    { name: "redis-kill", run: (rig) => storeKill(rig, { store: "redis", kills: storeKills, jobs }) },
    { name: "mongod-kill", run: (rig) => storeKill(rig, { store: "mongo", kills: storeKills, jobs }) },
  ];
}
