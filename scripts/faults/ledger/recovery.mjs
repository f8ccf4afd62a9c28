import { runsOf } from "./runs.mjs";

/**
 * How long each fault kept jobs waiting: from the fault's beginning to the next start of each job that it left without an
 * end, in milliseconds. The worst of each fault.
 */
export function recoveries(records, faults) {
  const runs = [...runsOf(records).values()];
  return faults.map((fault) => worst(runs.flatMap((list) => waits(list, fault)))).filter((ms) => ms !== undefined);
}

function waits(list, { at, until, pids }) {
  const hit = list.findIndex((run) => pids.includes(run.pid) && run.start <= until && isCut(run, at));
  const next = hit === -1 ? undefined : list[hit + 1];
  return next ? [next.start - at] : [];
}

function isCut({ end, ended }, at) {
  return end === undefined || (!ended && end >= at);
}

export function worst(list) {
  return list.length === 0 ? undefined : Math.round(Math.max(...list));
}
