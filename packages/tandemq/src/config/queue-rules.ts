import { plainShape, type ShapeOf } from "@tandemq/core";
import type { Config, QueueRule } from "./config.js";

/** Whether a name stands for several queues: it ends in `*`, or in `/` as a worker's argument may. */
export function isPattern(name: string): boolean {
  return name.endsWith("*") || name.endsWith("/");
}

/** `crawl/*` and `crawl/` stand for every queue below `crawl`, `*` for every queue, any other name for itself. */
export function matchesPattern(pattern: string, queue: string): boolean {
  return isPattern(pattern) ? queue.startsWith(pattern.replace(/\*$/, "")) : pattern === queue;
}

/** The rule of a queue: its full name wins over a pattern, a longer pattern over a shorter one. */
export function ruleOf(queues: Config["queues"], queue: string): QueueRule | undefined {
  if (Object.hasOwn(queues, queue) && !isPattern(queue)) return queues[queue];
  const patterns = Object.keys(queues).filter((name) => isPattern(name) && matchesPattern(name, queue));
  const longest = patterns.sort((a, b) => b.length - a.length)[0];
  return longest === undefined ? undefined : queues[longest];
}

/** The rule of each queue, looked up once. */
export function rulesOf(queues: Config["queues"]): (queue: string) => QueueRule | undefined {
  const known = new Map<string, QueueRule | undefined>();
  return (queue) => {
    const rule = known.get(queue);
    if (rule || known.has(queue)) return rule;
    const found = ruleOf(queues, queue);
    known.set(queue, found);
    return found;
  };
}

/** The shape of each queue, looked up once. */
export function shapesOf(queues: Config["queues"]): ShapeOf {
  const ruleAt = rulesOf(queues);
  return (queue) => ruleAt(queue) ?? plainShape;
}

/** Whether callers can wait for results: where finished jobs are documents. */
export function keepsResults({ mode, store }: Pick<QueueRule, "mode" | "store">): boolean {
  return mode !== "no-storage" || store.includes("success");
}
