import { setTimeout as sleep } from "node:timers/promises";
import { defineTask } from "tandemq";
import { Ledger } from "../../ledger/append.mjs";

const ledger = new Ledger(process.env.FAULTS_LEDGER, "task");

/**
 * One job of an experiment: writes its START, does what it is told, writes its END. `does` picks its fate; `ms` is how long
 * it works, or a list of times for its first, second … delivery.
 */
export const work = defineTask("faults.work", async ({ number, does = "work", ms = 0 }, job) => {
  ledger.append("START", number, job.id, job.attempt, job.deliveries);
  try {
    await fates[does](Array.isArray(ms) ? (ms[job.deliveries - 1] ?? ms.at(-1)) : ms, job.signal);
  } catch (error) {
    ledger.append("FAIL", number);
    throw error;
  }
  ledger.append("END", number);
  return number;
});

const fates = {
  work: (ms, signal) => sleep(ms, undefined, { signal }),
  deaf: (ms) => sleep(ms),
  exit: () => process.exit(7),
  segfault: () => (process.kill(process.pid, "SIGSEGV"), sleep(60_000)),
  loop: () => {
    for (;;);
  },
};
