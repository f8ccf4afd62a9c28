/**
 * `npm run check [types] [lint] [format] [dead]`: all four kinds of static checks, or those named. Every kind runs, also
 * after one has failed, so that one run shows everything.
 */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

const CHECKS = {
  // The whole build: the linter reads the types that projects in the tests import.
  types: [["node", "scripts/build.mjs"]],
  lint: [["oxlint", "--type-aware", "--deny-warnings"]],
  format: [["biome", "format"]],
  dead: [["knip", "--no-progress"]],
};

function run([command, ...args]) {
  const path = `${root}node_modules/.bin:${process.env.PATH}`;
  return spawnSync(command, args, { cwd: root, stdio: "inherit", env: { ...process.env, PATH: path } }).status === 0;
}

function check(kind) {
  const started = performance.now();
  const good = CHECKS[kind].every(run);
  console.log(`${good ? "ok    " : "FAILED"} ${kind} (${((performance.now() - started) / 1000).toFixed(1)} s)`);
  return good;
}

const kinds = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(CHECKS);
const results = kinds.map(check);
process.exitCode = results.every(Boolean) ? 0 : 1;
