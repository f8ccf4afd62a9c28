import type { ChildProcess } from "node:child_process";
import { killGroup, spawnChild } from "./spawn-child.js";

interface EarlyChild {
  readonly process: ChildProcess;
  readonly inherited: string;
}

let early: EarlyChild | undefined;

/** Starts a child before it is known what for: it is up when the worker has read its configuration. */
export function startEarlyChild(): ChildProcess {
  const child = spawnChild();
  early = { process: child, inherited: whatIsInherited() };
  // Whether it could start is seen when it is taken.
  child.on("error", () => {});
  process.once("exit", dismissEarlyChild);
  return child;
}

/** The early child, or a new one when there is none, it is gone, or what a child inherits has changed since. */
export function takeChild(): ChildProcess {
  if (!early || !isUsable(early)) {
    dismissEarlyChild();
    return spawnChild();
  }
  const { process: child } = early;
  early = undefined;
  return child;
}

/** For a worker without children. */
export function dismissEarlyChild(): void {
  if (early) killGroup(early.process);
  early = undefined;
}

function isUsable({ process: { pid, exitCode, signalCode }, inherited }: EarlyChild): boolean {
  return pid !== undefined && exitCode === null && signalCode === null && inherited === whatIsInherited();
}

function whatIsInherited(): string {
  return JSON.stringify([process.cwd(), process.execArgv, process.env]);
}
