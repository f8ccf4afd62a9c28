import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { now } from "./ledger/append.mjs";

/** Environment variable that marks every process of one run, however deep it was started. */
export const marker = "TANDEMQ_FAULTS_RUN";

/** Milliseconds of the ledger's clock. */
export const clock = () => Number(now() / 1000n) / 1000;

/** All living processes: `{ pid, parent, state, run }`, `run` being the marker's value. Zombies are dead. */
export function processes() {
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return pids.map(describe).filter((one) => one && one.state !== "Z");
}

function describe(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const [state, parent] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return { pid: Number(pid), parent: Number(parent), state, run: runOf(pid) };
  } catch {
    return undefined;
  }
}

function runOf(pid) {
  try {
    const entries = readFileSync(`/proc/${pid}/environ`, "utf8").split("\0");
    return entries.find((entry) => entry.startsWith(`${marker}=`))?.slice(marker.length + 1);
  } catch {
    return undefined;
  }
}

/** Pids of the living processes of a run. */
export const pidsOfRun = (run) => processes().filter((one) => one.run === run).map((one) => one.pid);

/** Pids of the living children of a process. */
export const childrenOf = (pid) => processes().filter((one) => one.parent === pid).map((one) => one.pid);

export function isAlive(pid) {
  const one = describe(pid);
  return one !== undefined && one.state !== "Z";
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
export async function until(what, ask, within = 15_000, every = 10) {
  for (const end = clock() + within; ; await sleep(every)) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    if (clock() > end) throw new Error(`waited ${within} ms in vain: ${what}`);
  }
}
