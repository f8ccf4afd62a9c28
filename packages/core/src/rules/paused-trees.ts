/** Whether a queue is paused: itself, or a tree that it is in (`crawl/` for `crawl/a/b`). */
export function isPaused(paused: ReadonlySet<string>, queue: string): boolean {
  return paused.size > 0 && pausedBy(paused, queue) !== undefined;
}

/** The name by which a queue is paused: its own, else that of the innermost tree. */
export function pausedBy(paused: ReadonlySet<string>, queue: string): string | undefined {
  if (paused.has(queue)) return queue;
  for (let end = queue.lastIndexOf("/"); end > 0; end = queue.lastIndexOf("/", end - 1)) {
    const tree = queue.slice(0, end + 1);
    if (paused.has(tree)) return tree;
  }
  return undefined;
}
