import {
  type Middleware,
  type TaskRules,
  TaskLoadError,
  TaskNotFoundError,
  dataPath,
  didYouMean,
  isTaskPath,
} from "@tandemq/core";
import type { LoadedTask } from "../executor/execution.js";
import type { TaskSettings } from "../executor/run-settings.js";
import { canonicalModule } from "./canonical-module.js";

/** A task file that could not be used, and why. */
export interface TaskFault {
  readonly file: string;
  readonly message: string;
}

/** The options of every known task, by path. */
export type Catalog = Readonly<Record<string, TaskSettings>>;

/** The tasks of the modules that the globs name, by path. */
export class TaskRegistry {
  readonly #tasks = new Map<string, { task: LoadedTask; origin: unknown; file: string }>();
  readonly #cwd: string;
  readonly rules: TaskRules;
  readonly middleware: readonly Middleware[];
  readonly faults: TaskFault[] = [];

  constructor(cwd: string, rules: TaskRules = {}, middleware: readonly Middleware[] = []) {
    this.rules = rules;
    this.middleware = middleware;
    this.#cwd = cwd;
  }

  get size(): number {
    return this.#tasks.size;
  }

  /**
   * @param origin what was exported; the same value under two names or in two files is one task
   * @throws TaskLoadError naming both files when another task has the path
   */
  add(task: LoadedTask, origin: unknown, file: string): void {
    const known = this.#tasks.get(task.path);
    if (known && known.origin !== origin) {
      throw new TaskLoadError(
        `two tasks are named "${task.path}": one in ${known.file}, one in ${file}; rename one of them`,
      );
    }
    this.#tasks.set(task.path, { task, origin, file });
  }

  /** @throws TaskNotFoundError saying what is known nearby; TaskLoadError when its file could not be imported */
  resolve(path: string): LoadedTask {
    const found = this.#tasks.get(path);
    if (found) return found.task;
    const fault = this.faults.find(({ file }) => path.startsWith(`${canonicalModule(file, this.#cwd)}#`));
    if (fault) throw new TaskLoadError(`${fault.file} could not be imported: ${fault.message}`);
    throw new TaskNotFoundError(this.#notFound(path));
  }

  catalog(): Catalog {
    return Object.fromEntries([...this.#tasks].map(([path, { task }]) => [path, task.settings]));
  }

  #notFound(path: string): string {
    if (path === dataPath) {
      return `a job of client.put() has no task: take it with client.consume(), and keep it from workers by their queues or with --except ${dataPath}`;
    }
    if (!isTaskPath(path)) return `${JSON.stringify(path.slice(0, 200))} cannot name a task`;
    const near = didYouMean(path, [...this.#tasks.keys()]);
    const failed =
      this.faults.length > 0 ? `; these files could not be imported: ${this.faults.map((f) => f.file).join(", ")}` : "";
    return `no task "${path}" among the ${this.#tasks.size} known${near ? `, did you mean "${near}"?` : ""}${failed}`;
  }
}
