import type { Child } from "./child.js";

/** When a child is replaced by a fresh one, between jobs. */
export interface Recycle {
  /** After so many jobs. */
  readonly jobs?: number;
  /** When it holds more memory than this (resident set, MiB). */
  readonly memoryMb?: number;
  /** After so many milliseconds. */
  readonly after?: number;
}

export function isWorn(child: Child, { jobs, memoryMb, after }: Recycle): boolean {
  if (jobs !== undefined && child.started >= jobs) return true;
  if (memoryMb !== undefined && child.rss > memoryMb * 1024 * 1024) return true;
  return after !== undefined && performance.now() - child.bornAt >= after;
}
