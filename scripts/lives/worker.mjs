import { spawn } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { marker, pidsOfRun, send, until } from "../faults/processes.mjs";
import { modes } from "./plan.mjs";
import { clock } from "./story.mjs";

const command = fileURLToPath(new URL("../../packages/tandemq/dist/cli/main.js", import.meta.url));
const project = fileURLToPath(new URL("project", import.meta.url));

/** What a process of its own may still have done after it was hit, milliseconds. */
const lateness = 1500;

const times = ["--lease", "4s", "--heartbeat", "1s", "--drain", "2s", "--kill-after", "1s", "--maintenance", "2s"];

/** One `tandemq worker`, which is started anew when a job has killed it. */
export class LivingWorker {
  #child;
  #options;
  #starts = 0;
  #isStopping = false;
  #mark;
  #log;
  /** What happened to it: since when, until when, and to which processes. */
  faults = [];
  /** Resolves when it lives again. */
  restarting = Promise.resolve();

  /** @param options `{ name, folder, env, processes, concurrency }` */
  constructor(options) {
    this.#options = options;
  }

  async start() {
    const { name, folder, env, processes, concurrency } = this.#options;
    this.#log = join(folder, `worker-${name}-${this.#starts++}.log`);
    this.#mark = `${env[marker]}/${name}/${this.#starts}/`;
    const shape = ["--processes", String(processes), "--concurrency", String(concurrency), "--plain"];
    const file = openSync(this.#log, "a");
    const child = spawn(process.execPath, [command, "worker", ...modes.map((mode) => `${mode}/`), ...shape, ...times], {
      cwd: project,
      env: { ...process.env, ...env, [marker]: this.#mark },
      stdio: ["ignore", file, file],
      detached: true,
    });
    closeSync(file);
    this.#child = child;
    this.#isStopping = false;
    this.exit = new Promise((resolve) => {
      child.once("exit", (code, signal) => resolve({ code, signal }));
    });
    void this.exit.then(() => this.#ended(child));
    await until("the worker is ready", () => child !== this.#child || !this.#lives || this.#isReady);
  }

  get #lives() {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  get #isReady() {
    return readFileSync(this.#log, "utf8").includes("the worker is ready");
  }

  /** It ended though nobody asked it to: a job did that. */
  #ended(child) {
    if (this.#isStopping) return;
    this.faults.push({ kind: "died", at: clock() - 50, until: clock() + lateness, pids: [child.pid] });
    this.restarting = this.start();
  }

  #pids() {
    return pidsOfRun(this.#mark);
  }

  async kill() {
    this.#isStopping = true;
    const [at, before] = [clock(), this.#pids()];
    send(this.#child.pid, "SIGKILL");
    await this.exit;
    const pids = [...new Set([...before, ...this.#pids()])];
    await this.#untilGone();
    this.faults.push({ kind: "kill", at, until: clock(), pids });
    await this.start();
  }

  killChild(random) {
    const children = this.#pids().filter((pid) => pid !== this.#child.pid);
    if (children.length === 0) return;
    const pid = random.pick(children);
    this.faults.push({ kind: "child", at: clock(), until: clock() + lateness, pids: [pid] });
    send(pid, "SIGKILL");
  }

  /** Ends it as an operator would, and starts it anew. */
  async restart() {
    const [at, pids] = [clock(), this.#pids()];
    await this.stop();
    this.faults.push({ kind: "restart", at, until: clock(), pids });
    await this.start();
  }

  async stop() {
    this.#isStopping = true;
    if (this.#lives) send(this.#child.pid, "SIGTERM");
    const end = await this.exit;
    await this.#untilGone();
    return end;
  }

  async #untilGone() {
    await until("the children of a worker are gone", () => this.#pids().length === 0, 10_000);
  }

  /** MB of each of its processes. */
  memory() {
    return this.#pids().map((pid) => {
      const status = readFileSync(`/proc/${pid}/status`, "utf8");
      return Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024);
    });
  }
}
