import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** Options of this process that a child must not take over. */
const notInherited = /^--(inspect|eval|print|input-type|test|watch|cpu-prof|heap-prof)|^-[ep]$/;

/**
 * A child process in a group of its own, so that killing the group kills what the child started. It lives as long as
 * the pipe on descriptor 6.
 */
export function spawnChild(): ChildProcess {
  const options = process.execArgv.filter((option) => !notInherited.test(option));
  return spawn(process.execPath, ["--enable-source-maps", ...options, entry()], {
    stdio: ["ignore", "inherit", "inherit", "ipc", "pipe", "pipe", "pipe"],
    detached: true,
  });
}

/** The built entry, seen from the bundle, from the CommonJS half of the package, or from this file's source. */
function entry(): string {
  const places = ["./child/main.js", "../../bundle/child/main.js", "../../dist/bundle/child/main.js"];
  const files = places.map((place) => fileURLToPath(new URL(place, import.meta.url)));
  const found = files.find((file) => existsSync(file));
  if (found === undefined) throw new Error(`the worker package is not complete: none of ${files.join(", ")} exists`);
  return found;
}

/** Kills a child and what it started. */
export function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, "SIGKILL");
  } catch {
    child.kill("SIGKILL");
  }
}
