import { spawn } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { clock, marker, pidsOfRun, send, until } from "./processes.mjs";

const command = fileURLToPath(new URL("../../packages/tandemq/dist/cli/main.js", import.meta.url));
const project = fileURLToPath(new URL("project", import.meta.url));

/** One `tandemq worker`, started as a user starts it, in a process group of its own. */
export class WorkerProcess {
  #child;
  #log;
  #name;

  /**
   * @param name marks every process of this worker
   * @param log path of the file that takes what the worker writes
   */
  constructor({ name, queue, env, log, flags }) {
    this.#name = name;
    this.#log = log;
    const file = openSync(log, "a");
    this.#child = spawn(process.execPath, [command, "worker", queue, ...flags.map(String)], {
      cwd: project,
      env: { ...process.env, ...env, [marker]: name },
      stdio: ["ignore", file, file],
      detached: true,
    });
    closeSync(file);
    this.exit = new Promise((resolve) => {
      this.#child.once("exit", (code, signal) => resolve({ code, signal }));
    });
  }

  get pid() {
    return this.#child.pid;
  }

  get running() {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Its living processes: the supervisor, its children, and what they started. */
  pids() {
    return pidsOfRun(this.#name);
  }

  children() {
    return this.pids().filter((pid) => pid !== this.pid);
  }

  /** Until it says that it is ready. @throws with its last lines when it ended instead */
  async ready(within = 60_000) {
    await until("the worker is ready", () => this.#isReady(), within);
  }

  send(signal) {
    send(this.pid, signal);
  }

  /** Ends it as an operator would. */
  async stop() {
    this.send("SIGTERM");
    return this.exit;
  }

  /** Kills its supervisor and waits until all are gone. Returns the fault: when it came, when it was over, whom it hit. */
  async kill() {
    const before = this.pids();
    const at = clock();
    this.send("SIGKILL");
    await this.exit;
    const pids = [...new Set([...before, ...this.pids()])];
    await until("the children of a killed worker are gone", () => this.pids().length === 0, 5000);
    return { at, until: clock(), pids };
  }

  /** What it wrote, its end only. */
  tail(lines = 15) {
    return readFileSync(this.#log, "utf8").split("\n").slice(-lines).join("\n");
  }

  #isReady() {
    if (this.tail().includes("the worker is ready")) return true;
    if (!this.running) throw new Error(`the worker ended before it was ready:\n${this.tail()}`);
    return false;
  }
}
