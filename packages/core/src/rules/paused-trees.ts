/** Whether a queue is paused: itself, or a tree that it is in (`crawl/` for `crawl/a/b`). */
export function isPaused(paused: ReadonlySet<string>, queue: string): boolean {
  if (paused.size === 0) return false;
  if (paused.has(queue)) return true;
  for (let end = queue.indexOf("/"); end >= 0; end = queue.indexOf("/", end + 1)) {
    if (paused.has(queue.slice(0, end + 1))) return true;
  }
  return false;
}
