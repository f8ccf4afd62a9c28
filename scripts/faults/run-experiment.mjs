import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { worst } from "./ledger/recovery.mjs";
import { clock } from "./processes.mjs";
import { Rig } from "./rig.mjs";

/**
 * Runs one experiment in one mode and judges it.
 *
 * @returns a row of the table: what was injected, the verdict's figures, the violations as sentences, the ledger's folder
 */
export async function runExperiment({ name, limit, window, run }, setup) {
  const begin = clock();
  const rig = await Rig.create({ ...setup, experiment: name });
  const told = await run(rig).catch((error) => ({ violations: [`the experiment could not be run: ${error.message}`] }));
  const { violations: judged, ...figures } = await rig.verdict(told.poison, window);
  const left = await rig.close();
  const recovery = worst(told.recoveries ?? []);
  const violations = [...judged, ...(told.violations ?? []), ...leftOver(left), ...slow(recovery, limit)];
  const row = {
    mode: setup.mode,
    experiment: name,
    faults: rig.faults.length,
    ...figures,
    left: left.length,
    recovery,
    seconds: Math.round((clock() - begin) / 100) / 10,
    violations,
    folder: rig.folder,
  };
  writeFileSync(join(rig.folder, "verdict.json"), JSON.stringify({ ...row, injected: rig.faults }, undefined, 2));
  return row;
}

function leftOver(pids) {
  return pids.length > 0 ? [`processes left over: ${pids.join(", ")}`] : [];
}

function slow(recovery = 0, limit) {
  return recovery > limit ? [`recovery took ${recovery} ms, more than ${limit}`] : [];
}
