import { spawn, type ChildProcess } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import type { Socket } from "node:net";
import { guardScript } from "./guard-script.js";

/** A server that does not outlive this process. */
export interface GuardedProcess {
  /** Process id of the guard, which leads the server's process group. */
  readonly pid: number;
  /** Resolves when the guard and its server are gone. */
  readonly ended: Promise<void>;
  /** Ends the server and waits until it is gone. May be called twice. */
  stop(): Promise<void>;
}

/** What to start and where its traces go. */
export interface GuardedCommand {
  readonly command: readonly string[];
  /** File that gets the server's output. */
  readonly logFile: string;
  /** Folder to remove after the server, however it is ended. */
  readonly temporaryFolder: string | undefined;
  readonly env: NodeJS.ProcessEnv;
}

// The guard itself allows the server 10 s.
const KILL_AFTER_MS = 15_000;

function spawnGuard({ command, logFile, temporaryFolder, env }: GuardedCommand): ChildProcess {
  const log = openSync(logFile, "a");
  try {
    const args = ["-c", guardScript, "guard", temporaryFolder ?? "", ...command];
    return spawn("/bin/sh", args, { detached: true, env, stdio: ["pipe", log, log] });
  } finally {
    closeSync(log);
  }
}

/** Starts a server under its guard. Neither keeps this process alive. Throws where no shell can be started. */
export function startGuarded(what: GuardedCommand): GuardedProcess {
  const guard = spawnGuard(what);
  guard.on("error", () => {});
  const { pid } = guard;
  if (pid === undefined) throw new Error("/bin/sh could not be started");
  const lifeline = guard.stdin as Socket;
  lifeline.on("error", () => {});
  const ended = new Promise<void>((resolve) => guard.once("exit", () => resolve(lifeline.destroy() && undefined)));
  guard.unref();
  lifeline.unref();
  return { pid, ended, stop: () => stopGuard(guard, ended) };
}

async function stopGuard(guard: ChildProcess, ended: Promise<void>): Promise<void> {
  if (guard.exitCode !== null || guard.signalCode !== null) return;
  guard.ref();
  guard.stdin?.destroy();
  const timer = setTimeout(() => process.kill(-(guard.pid as number), "SIGKILL"), KILL_AFTER_MS);
  await ended;
  clearTimeout(timer);
}
