import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

export const main: string = fileURLToPath(new URL("../../../packages/tandemq/dist/cli/main.js", import.meta.url));
export const project: string = fileURLToPath(new URL("../project", import.meta.url));

/** How a command ended. */
export interface Answer {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** One `tandemq` command, in a process group of its own as a terminal would start it. */
export class Command {
  readonly #process: ChildProcess;
  readonly ended: Promise<Answer>;
  #stdout = "";
  #stderr = "";

  /** @param folder where it is started: the project whose configuration it finds */
  constructor(args: readonly string[], env: Readonly<Record<string, string>>, folder: string = project) {
    this.#process = spawn(process.execPath, [main, ...args], {
      cwd: folder,
      env: { ...process.env, ...env },
      stdio: "pipe",
      detached: true,
    });
    this.#process.stdin?.on("error", () => {});
    this.#process.stdout?.setEncoding("utf8").on("data", (text: string) => {
      this.#stdout += text;
    });
    this.#process.stderr?.setEncoding("utf8").on("data", (text: string) => {
      this.#stderr += text;
    });
    this.ended = new Promise((resolve) => {
      this.#process.once("close", (code, signal) =>
        resolve({ code, signal, stdout: this.#stdout, stderr: this.#stderr }),
      );
    });
  }

  get pid(): number {
    return this.#process.pid ?? 0;
  }

  /** Standard input, to its end. */
  write(text: string = ""): void {
    this.#process.stdin?.end(text);
  }

  /** Whether it wrote this text so far. @throws with all it wrote when it ended without */
  says(text: string): boolean {
    if (this.#stdout.includes(text) || this.#stderr.includes(text)) return true;
    if (this.#process.exitCode === null && this.#process.signalCode === null) return false;
    throw new Error(`the command ended without saying "${text}":\n${this.#stdout}${this.#stderr}`);
  }

  /** How often this text stands on standard output so far. */
  said(text: string): number {
    return this.#stdout.split(text).length - 1;
  }

  /** Stops reading what it writes, as `| head` does. */
  hangUp(): void {
    this.#process.stdout?.destroy();
  }

  signal(signal: NodeJS.Signals): void {
    this.#process.kill(signal);
  }

  /** What Ctrl+C in a terminal does: the signal goes to the whole process group. */
  interrupt(): void {
    process.kill(-this.pid, "SIGINT");
  }
}
