import { InvalidOptionError } from "../errors/errors.js";

/** Milliseconds as a number, or text with a unit: `"250ms"`, `"30s"`, `"5m"`, `"2h"`, `"7d"`. */
export type Duration = number | string;

const units: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/**
 * A duration in whole milliseconds.
 *
 * @param name what the duration is for; begins the error's sentence
 * @throws InvalidOptionError when it is negative, not finite, or not in a known form
 */
export function toMs(value: Duration, name: string = "duration"): number {
  const ms = typeof value === "number" ? value : parse(value);
  if (ms === undefined || !Number.isFinite(ms) || ms < 0) {
    throw new InvalidOptionError(
      `${name}: expected milliseconds or a duration such as "30s", "5m" or "7d", got ${typeof value === "string" ? JSON.stringify(value) : String(value)}`,
    );
  }
  return Math.round(ms);
}

function parse(text: string): number | undefined {
  const match = /^\s*(\d+(?:\.\d+)?)\s*(ms|s|m|h|d)\s*$/.exec(text);
  return match ? Number(match[1]) * (units[match[2] ?? ""] ?? Number.NaN) : undefined;
}
