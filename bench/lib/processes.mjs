/** Every process that a benchmark starts, and its end: by pid, also after Ctrl+C. */
import { spawn } from "node:child_process";
import { once } from "node:events";

const running = new Set();
let stopping = false;

/** Starts a process of its own group (a terminal's Ctrl+C reaches this program alone) and keeps it for `stopAll`. */
export function start(command, args, options = {}) {
  if (stopping) throw new Error("the benchmark is being stopped");
  const child = spawn(command, args, { stdio: "ignore", ...options, detached: true });
  running.add(child);
  child.once("exit", () => running.delete(child));
  child.once("error", () => running.delete(child));
  return child;
}

/** Ends a process: the signal first, SIGKILL after `patience` milliseconds. Resolves when it is gone. */
export async function stop(child, { signal = "SIGTERM", patience = 5_000 } = {}) {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, "exit");
  child.kill(signal);
  const timer = setTimeout(() => child.kill("SIGKILL"), patience);
  await gone;
  clearTimeout(timer);
}

export async function stopAll() {
  await Promise.all([...running].map((child) => stop(child)));
}

/** On Ctrl+C or SIGTERM: ends everything that was started, then `cleanup`, then leaves with the signal's exit code. */
export function stopOnSignals(cleanup) {
  for (const [signal, code] of [
    ["SIGINT", 130],
    ["SIGTERM", 143],
    ["SIGHUP", 129],
  ]) {
    process.on(signal, async () => {
      if (stopping) return;
      stopping = true;
      console.error(`${signal}: the benchmark is being stopped`);
      await stopAll();
      await cleanup();
      process.exit(code);
    });
  }
}
