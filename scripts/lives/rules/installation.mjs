import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** More than this a process of a worker does not need for these jobs, MB. */
const mostMemory = 400;

/** What programs did has worked, but for a store that was away. */
export function errors({ records }) {
  return records.filter(({ verb }) => verb === "ERROR").map(({ deed, text }) => `${deed}: ${text}`);
}

/** Nothing remains of jobs that are gone. */
export function left({ outcome }) {
  return outcome.leftovers;
}

export function memory({ memory: all }) {
  return all.flat().flatMap((mb) => (mb > mostMemory ? [`a process of a worker has ${mb} MB`] : []));
}

/** A worker that is told to end does so by itself. */
export function stopped({ ends }) {
  return ends.flatMap((end) => (end.signal ? [`a worker ended so: ${JSON.stringify(end)}`] : []));
}

/** Workers report errors only where something was killed or was away. */
export function reported({ folder, setup }) {
  if (setup.faults === "stores" || setup.poison) return [];
  const logs = readdirSync(folder).filter((name) => name.endsWith(".log"));
  const lines = logs.flatMap((name) => readFileSync(join(folder, name), "utf8").split("\n")).filter(Boolean);
  return lines.filter((line) => !line.startsWith("{") || /"level":(50|60)/.test(line)).filter(unlessKilled);
}

const unlessKilled = (line) => !line.includes("a child process ended: SIGKILL");
