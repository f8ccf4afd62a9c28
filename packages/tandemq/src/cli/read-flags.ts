import { InvalidOptionError, toMs } from "@tandemq/core";
import type { Arguments } from "./open-client.js";

/**
 * A flag's text; `undefined` when it was not given.
 * @throws InvalidOptionError when it was given twice: one of them would have no effect
 */
export function text(argv: Arguments, name: string): string | undefined {
  const value = argv[name];
  if (Array.isArray(value)) throw new InvalidOptionError(`--${name}: give it once, not ${value.length} times`);
  return typeof value === "string" ? value : undefined;
}

/**
 * A flag that may be repeated, or hold several values separated by commas.
 * @throws InvalidOptionError when it holds none
 */
export function list(argv: Arguments, name: string): readonly string[] | undefined {
  const value = argv[name];
  if (value === undefined) return undefined;
  const given = Array.isArray(value) ? value.map(String) : [String(value)];
  const parts = given.flatMap((part) => part.split(",")).map((part) => part.trim());
  const named = parts.filter((part) => part !== "");
  if (named.length === 0) throw new InvalidOptionError(`--${name}: expected at least one value`);
  return named;
}

/**
 * A whole number.
 * @throws InvalidOptionError when it is none, or out of its range
 */
export function whole(argv: Arguments, name: string, min: number, max: number): number | undefined {
  const given = text(argv, name);
  if (given === undefined) return undefined;
  const number = Number(given);
  if (String(given).trim() !== "" && Number.isSafeInteger(number) && number >= min && number <= max) return number;
  throw new InvalidOptionError(
    `--${name}: expected a whole number from ${min} to ${max}, got ${JSON.stringify(given)}`,
  );
}

/**
 * Milliseconds, or a duration such as `30s`.
 * @throws InvalidOptionError
 */
export function duration(argv: Arguments, name: string): number | undefined {
  const given = text(argv, name)?.trim();
  if (given === undefined) return undefined;
  return toMs(/^\d+$/.test(given) ? Number(given) : given, `--${name}`);
}

/** Seconds, or a duration such as `500ms`; the flag alone means `usual`. */
export function seconds(given: unknown, name: string, usual: number): number {
  const value = String(given);
  if (value === "" || value === "true") return usual;
  const number = Number.isFinite(Number(value)) ? Number(value) : toMs(value, name) / 1000;
  if (number >= 0.1 && number <= 3600) return number;
  throw new InvalidOptionError(`${name}: expected 0.1 to 3600 seconds, got ${JSON.stringify(given)}`);
}
/**
 * A point in time: a date, or how long ago, such as `2h`.
 * @throws InvalidOptionError
 */
export function time(argv: Arguments, name: string, now: number = Date.now()): Date | undefined {
  const given = text(argv, name);
  if (given === undefined) return undefined;
  if (/^\d+(\.\d+)?(ms|[smhd])$/.test(given.trim())) return new Date(now - toMs(given.trim(), `--${name}`));
  const date = new Date(given);
  if (/^\d{4}-/.test(given.trim()) && !Number.isNaN(date.getTime())) return date;
  throw new InvalidOptionError(
    `--${name}: expected how long ago, such as 2h, or a date such as 2026-01-31T12:00Z, got ${JSON.stringify(given)}`,
  );
}

/**
 * A point in time: a date, or how long from now, such as `2h`.
 * @throws InvalidOptionError
 */
export function moment(argv: Arguments, name: string, now: number = Date.now()): Date | undefined {
  const given = text(argv, name)?.trim();
  if (given === undefined) return undefined;
  if (/^\d+(\.\d+)?(ms|[smhd])$/.test(given)) return new Date(now + toMs(given, `--${name}`));
  const date = new Date(given);
  if (/^\d{4}-/.test(given) && !Number.isNaN(date.getTime())) return date;
  throw new InvalidOptionError(
    `--${name}: expected how long from now, such as 2h, or a date such as 2026-01-31T12:00Z, got ${JSON.stringify(given)}`,
  );
}
