import type { TaskRules } from "@tandemq/core";
import { findTaskFiles } from "../tasks/find-task-files.js";
import type { TaskFault } from "../tasks/task-registry.js";

/** What is given to tasks from outside when they are loaded. */
export interface TaskSetup {
  /** What the configuration says of tasks. */
  readonly rules?: TaskRules;
  /** Files of the modules whose default exports stand around enqueues and runs. Default: none. */
  readonly middleware?: readonly string[];
}

export interface TaskPatterns extends TaskSetup {
  /** Globs of the modules with tasks. */
  readonly patterns: readonly string[];
  /** Folder that relative globs start from, and that canonical task paths are relative to. */
  readonly cwd: string;
}

/** So many children may be killed from outside while they import a file before the file itself is suspected. */
const maxKills = 3;

/** The task files, looked up once; a file whose import ended a process is not tried again. */
export class TaskFiles {
  readonly cwd: string;
  readonly setup: TaskSetup;
  readonly faults: TaskFault[] = [];
  readonly #patterns: readonly string[];
  readonly #kills = new Map<string, number>();
  #files: Promise<string[]> | undefined;
  #proven = false;

  constructor({ patterns, cwd, rules = {}, middleware = [] }: TaskPatterns) {
    this.#patterns = patterns;
    this.setup = { rules, middleware };
    this.cwd = cwd;
  }

  async list(): Promise<string[]> {
    this.#files ??= findTaskFiles(this.#patterns, this.cwd);
    const files = await this.#files;
    return files.filter((file) => !this.faults.some((fault) => fault.file === file));
  }

  /** A child has imported all of them: whatever ends a later one meanwhile, the files can be imported. */
  prove(): void {
    this.#proven = true;
  }

  /**
   * A process ended while it imported the file. Returns whether the file is given up for it: not when it was imported
   * before, nor at the first time when the process was `killed` from outside, as an operator or the system may do.
   */
  blame(file: string, message: string, killed: boolean): boolean {
    if (this.#proven) return false;
    const kills = (this.#kills.get(file) ?? 0) + 1;
    this.#kills.set(file, kills);
    if (killed && kills < maxKills) return false;
    if (!this.faults.some((fault) => fault.file === file)) this.faults.push({ file, message });
    return true;
  }
}
