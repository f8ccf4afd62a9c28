import { childKill } from "./child-kill.mjs";
import { drain } from "./drain.mjs";
import { poison } from "./poison.mjs";
import { storeKill } from "./store-kill.mjs";
import { settleWindow } from "../ledger/verdict.mjs";
import { workerKill } from "./worker-kill.mjs";

const fates = ["exit", "segfault", "loop", "exit"];
/** `patience`: how many times what is promised a recovery and a settlement may take; 1 measures, more is for busy machines. */
const sizes = {
  full: { patience: 1, jobs: 2000, childKills: 10, workerKills: 3, lease: "3s", storeKills: 2, fates },
  quick: { patience: 1, jobs: 400, childKills: 3, workerKills: 1, lease: "2s", storeKills: 1, fates: ["exit"] },
  test: { patience: 10, jobs: 200, childKills: 1, workerKills: 1, lease: "3s", storeKills: 1, fates: ["exit"] },
};

/**
 * The experiments in their order. `limit`: longest recovery that is allowed, in milliseconds; what the design promises
 * (a child within a second, a worker within its lease and 5 s) plus the start of a process on a busy machine.
 *
 * @param size `full`: the proof. `quick`: a first look, fewer faults and none that takes a default lease. `test`: one of each
 */
export function experiments(size) {
  const { patience, jobs, childKills, workerKills, lease, storeKills, fates } = sizes[size];
  const all = [
    { name: "child-kill", limit: 4000, run: (rig) => childKill(rig, { kills: childKills, jobs }) },
    { name: "worker-kill", limit: 9000, run: (rig) => workerKill(rig, { kills: workerKills, lease, jobs, patience }) },
    { name: "default-lease", limit: 36_000, slow: true, run: (rig) => workerKill(rig, { kills: 1, jobs: 300 }) },
    { name: "drain", limit: 10_000, run: (rig) => drain(rig) },
    { name: "poison", limit: 20_000, run: (rig) => poison(rig, { jobs: jobs / 4, fates }) },
    { name: "redis-kill", limit: 12_000, run: (rig) => storeKill(rig, { store: "redis", kills: storeKills, jobs }) },
    { name: "mongod-kill", limit: 20_000, run: (rig) => storeKill(rig, { store: "mongo", kills: storeKills, jobs }) },
  ];
  const chosen = all.filter(({ slow = false }) => !(size !== "full" && slow));
  return chosen.map((one) => ({ ...one, limit: one.limit * patience, window: settleWindow * patience }));
}
