import type { TaskOptions } from "./task.js";

/** What a configuration says of tasks, by their path or by a pattern that ends in `*`. */
export type TaskRules = Readonly<Record<string, TaskOptions>>;

/**
 * The options of a task where the configuration has its say. The most specific word wins, option by option: the task's
 * full path in the configuration, then the task's own code, then a longer pattern before a shorter one.
 */
export function withTaskRules(path: string, own: TaskOptions, rules: TaskRules): TaskOptions {
  const patterns = Object.keys(rules).filter((name) => name.endsWith("*") && path.startsWith(name.slice(0, -1)));
  const shortestFirst = patterns.sort((a, b) => a.length - b.length).map((name) => rules[name]);
  const named = Object.hasOwn(rules, path) ? rules[path] : undefined;
  return Object.assign({}, ...shortestFirst, own, named) as TaskOptions;
}
