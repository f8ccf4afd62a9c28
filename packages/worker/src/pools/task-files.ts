import { findTaskFiles } from "../tasks/find-task-files.js";
import type { TaskFault } from "../tasks/task-registry.js";

export interface TaskPatterns {
  /** Globs of the modules with tasks. */
  readonly patterns: readonly string[];
  /** Folder that relative globs start from, and that canonical task paths are relative to. */
  readonly cwd: string;
}

/** The task files, looked up once; a file whose import ended a process is not tried again. */
export class TaskFiles {
  readonly cwd: string;
  readonly faults: TaskFault[] = [];
  readonly #patterns: readonly string[];
  #files: Promise<string[]> | undefined;

  constructor({ patterns, cwd }: TaskPatterns) {
    this.#patterns = patterns;
    this.cwd = cwd;
  }

  async list(): Promise<string[]> {
    this.#files ??= findTaskFiles(this.#patterns, this.cwd);
    const files = await this.#files;
    return files.filter((file) => !this.faults.some((fault) => fault.file === file));
  }

  fault(file: string, message: string): void {
    if (!this.faults.some((fault) => fault.file === file)) this.faults.push({ file, message });
  }
}
