/**
 * `npm test [-- jest arguments]`: installs where needed, builds, runs Jest. The last line is `N passed, N failed`, and
 * the exit code is not 0 when anything failed, an installation or a build included.
 */
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ensureReady } from "./ensure-installed.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const NODE_FLAGS = ["--disable-warning=ExperimentalWarning", "--experimental-vm-modules"];

function runJest(summary) {
  const args = [...NODE_FLAGS, "node_modules/jest/bin/jest.js", ...process.argv.slice(2)];
  const env = { ...process.env, TANDEMQ_TEST_SUMMARY: summary };
  const jest = spawn(process.execPath, args, { cwd: root, env, stdio: ["ignore", "inherit", "inherit"] });
  // A Ctrl+C reaches Jest through the terminal; it needs time to stop the services.
  for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => signal === "SIGTERM" && jest.kill(signal));
  return new Promise((resolve) => jest.once("close", (code) => resolve(code ?? 1)));
}

function readSummary(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return { passed: 0, failed: 1 };
  }
}

async function runTests() {
  const folder = mkdtempSync(join(tmpdir(), "tandemq-summary-"));
  try {
    const code = await runJest(join(folder, "summary.json"));
    const { passed, failed } = readSummary(join(folder, "summary.json"));
    return { passed, failed: code !== 0 && failed === 0 ? 1 : failed };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function main() {
  try {
    ensureReady();
    return await runTests();
  } catch (error) {
    console.error(error.message);
    return { passed: 0, failed: 1 };
  }
}

const { passed, failed } = await main();
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
