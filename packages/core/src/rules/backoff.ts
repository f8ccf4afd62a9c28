import type { Backoff } from "../model/job.js";

/** Exponential from one second with 20 % jitter, at most one hour. */
export const defaultBackoff: Required<Backoff> = {
  type: "exponential",
  delay: 1000,
  max: 3_600_000,
  jitter: 0.2,
};

/**
 * Milliseconds to wait before the next attempt.
 *
 * @param attempt the run that has just ended, from 1
 * @param random a number in [0, 1); given by tests
 */
export function backoffDelay(backoff: Backoff, attempt: number, random: number = Math.random()): number {
  const max = backoff.max ?? defaultBackoff.max;
  const jitter = backoff.jitter ?? defaultBackoff.jitter;
  const base = Math.min(max, growth(backoff, attempt));
  return Math.round(base * (1 - jitter + 2 * jitter * random));
}

function growth(backoff: Backoff, attempt: number): number {
  switch (backoff.type) {
    case "fixed":
      return backoff.delay;
    case "linear":
      return backoff.delay * attempt;
    case "exponential":
      return backoff.delay * 2 ** Math.min(attempt - 1, 60);
  }
}
