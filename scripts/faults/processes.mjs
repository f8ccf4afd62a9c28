import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { now } from "./ledger/append.mjs";

/** Environment variable that marks every process of one run, however deep it was started. */
export const marker = "FAULTS_RUN";

/** Milliseconds of the ledger's clock. */
export const clock = () => Number(now() / 1000n) / 1000;

/** Pids of the living processes whose environment has the marker with a value that begins so. Zombies are dead. */
export function pidsOfRun(run) {
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return pids.filter((pid) => isMarked(pid, run) && isAlive(pid)).map(Number);
}

function isMarked(pid, run) {
  return read(`/proc/${pid}/environ`)
    .split("\0")
    .some((entry) => entry.startsWith(`${marker}=${run}`));
}

export function isAlive(pid) {
  const stat = read(`/proc/${pid}/stat`);
  return stat !== "" && stat.charAt(stat.lastIndexOf(")") + 2) !== "Z";
}

/** Empty when the process is gone, or not ours to look into. */
function read(file) {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

/** Sends a signal; a process that is gone is no error. */
export function send(pid, signal) {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (error.code !== "ESRCH") throw error;
  }
}

/** Asks every few milliseconds until the answer is neither undefined nor false. @throws when `within` ms are over */
export async function until(what, ask, within = 60_000, every = 10) {
  for (const end = clock() + within; ; await sleep(every)) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    if (clock() > end) throw new Error(`waited ${within} ms in vain: ${what}`);
  }
}
