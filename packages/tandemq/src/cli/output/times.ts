/** How long ago, in one unit; nothing: `-`. */
export function age(since: Date | undefined, now: number = Date.now()): string {
  return since ? span(now - since.getTime()) : "-";
}

/** A time span of so many milliseconds, in one unit. */
export function span(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 120) return `${seconds}s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)}m`;
  return seconds < 172_800 ? `${Math.round(seconds / 3600)}h` : `${Math.round(seconds / 86_400)}d`;
}
