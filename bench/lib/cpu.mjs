/** What a process and all that it started have used so far. Read from /proc; undefined where there is none. */
import { existsSync, readdirSync, readFileSync } from "node:fs";

const msPerTick = 10;
const kbPerPage = 4;

/** Milliseconds of CPU of a process and its descendants, also of those that have ended. */
export const cpuOf = (pid) => sumOf(pid, ({ cpu }) => cpu * msPerTick);

/** Resident megabytes of a process and its descendants. Shared pages count once for each. */
export const memoryOf = (pid) => sumOf(pid, ({ pages }) => (pages * kbPerPage) / 1024);

function sumOf(pid, what) {
  if (!existsSync("/proc/self/stat")) return undefined;
  const all = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap(readStat);
  const wanted = new Set([pid]);
  for (let size = 0; size < wanted.size; ) {
    size = wanted.size;
    for (const one of all) if (wanted.has(one.parent)) wanted.add(one.pid);
  }
  return all.filter((one) => wanted.has(one.pid)).reduce((sum, one) => sum + what(one), 0);
}

/** A process that ended since its folder was listed is none. */
function readStat(pid) {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, "latin1")
      .replace(/^.*\) /s, "")
      .split(" ")
      .map(Number);
    return [
      {
        pid: Number(pid),
        parent: fields[1],
        cpu: fields[11] + fields[12] + fields[13] + fields[14],
        pages: fields[21],
      },
    ];
  } catch {
    return [];
  }
}
