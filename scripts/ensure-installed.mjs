/** Installs the dependencies and builds, where needed: what `npm test` and the demo do first on a fresh clone. */
import { spawnSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

function isInstalled() {
  const installed = `${root}node_modules/.package-lock.json`;
  return existsSync(installed) && statSync(installed).mtimeMs >= statSync(`${root}package-lock.json`).mtimeMs;
}

function step(title, command, ...args) {
  console.log(`${title} ...`);
  const started = performance.now();
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: ["ignore", "inherit", "inherit"] });
  if (status !== 0) throw new Error(`${title} failed${error ? `: ${error.message}` : ""}`);
  console.log(`${title}: done in ${((performance.now() - started) / 1000).toFixed(1)} s`);
}

/** Runs `npm ci` when node_modules is missing or older than the lock file. Throws when it fails. */
export function ensureInstalled() {
  if (!isInstalled()) step("Installing dependencies", "npm", "ci", "--no-audit", "--no-fund");
}

/** Builds all packages; takes about a second when nothing has changed. Throws when it fails. */
export function build() {
  step("Building", process.execPath, "scripts/build.mjs");
}

/** Both steps, in order. Throws at the first that fails. */
export function ensureReady() {
  ensureInstalled();
  build();
}
