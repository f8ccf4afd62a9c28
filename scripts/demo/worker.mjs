import { spawn } from "node:child_process";
import { openSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const cli = fileURLToPath(new URL("../../packages/tandemq/dist/cli/main.js", import.meta.url));
const project = fileURLToPath(new URL("project/", import.meta.url));

/** Starts `tandemq worker --concurrency 25 --processes 4` in the demo's project; its log goes to a file. */
export function startWorker(env, folder) {
  const log = join(folder, "worker.log");
  const out = openSync(log, "a");
  const args = [cli, "worker", "--concurrency", "25", "--processes", "4"];
  // A group of its own: the terminal's Ctrl+C comes to the demo, and the demo tells the worker.
  const worker = spawn(process.execPath, args, { cwd: project, env, stdio: ["ignore", out, out], detached: true });
  const ended = new Promise((resolve) => worker.once("exit", (code, signal) => resolve(signal ?? code)));
  return { pid: worker.pid, log, ended, stop: () => stop(worker, ended) };
}

async function stop(worker, ended) {
  worker.kill("SIGTERM");
  const impatient = setTimeout(() => worker.kill("SIGTERM"), 3000);
  const last = setTimeout(() => worker.kill("SIGKILL"), 8000);
  const end = await ended;
  clearTimeout(impatient);
  clearTimeout(last);
  return end;
}
