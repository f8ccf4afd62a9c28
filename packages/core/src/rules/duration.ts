import { InvalidOptionError } from "../errors/errors.js";
import { showValue } from "../options/show-value.js";

/** Milliseconds as a number, or text with a unit: `"250ms"`, `"30s"`, `"5m"`, `"2h"`, `"7d"`. */
export type Duration = number | string;

const units: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** Longest duration, milliseconds: a hundred years. Dates far beyond are none that every store can hold. */
export const longestDuration: number = 36_525 * 86_400_000;

/**
 * A duration in whole milliseconds.
 *
 * @param name what the duration is for; begins the error's sentence
 * @throws InvalidOptionError when it is negative, longer than a hundred years, or not in a known form
 */
export function toMs(value: Duration, name: string = "duration"): number {
  const ms = typeof value === "string" ? parse(value) : value;
  if (typeof ms === "number" && ms >= 0 && ms <= longestDuration) return Math.round(ms);
  const longest = typeof ms === "number" && ms > longestDuration ? " of at most 100 years" : "";
  throw new InvalidOptionError(
    `${name}: expected milliseconds or a duration such as "30s", "5m" or "7d"${longest}, got ${showValue(value)}`,
  );
}

function parse(text: string): number | undefined {
  const match = /^\s*(\d+(?:\.\d+)?)\s*(ms|s|m|h|d)\s*$/.exec(text);
  return match ? Number(match[1]) * (units[match[2] ?? ""] ?? Number.NaN) : undefined;
}
