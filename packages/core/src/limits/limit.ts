import { InvalidOptionError, InvalidParamsError } from "../errors/errors.js";
import { showValue } from "../options/show-value.js";
import type { JsonObject } from "../model/json.js";
import type { LimitFigures } from "../ports/limiter.js";
import { type Duration, toMs } from "../rules/duration.js";

/** What is limited apart: all jobs together, or those of one key, computed from the params. `undefined`: not limited. */
export type LimitKey<P extends object = JsonObject> = string | ((params: P) => string | number | undefined);

/** A limit as it is written in task options and in the configuration: `max` with `per`, `concurrency`, or both. */
export interface LimitOptions<P extends object = JsonObject> {
  /** Default: one limit for all jobs of the task, or of the queue. */
  readonly key?: LimitKey<P>;
  /** Most starts in any window of `per`, by the store's clock. */
  readonly max?: number;
  readonly per?: Duration;
  /** Most runs at a time. */
  readonly concurrency?: number;
}

/** A limit with everything decided. */
export interface LimitRule extends LimitFigures {
  readonly key: LimitKey;
}

export type Limits<P extends object = JsonObject> = LimitOptions<P> | readonly LimitOptions<P>[];

/** Most starts that a limit may allow in one window. */
export const maxStarts = 100_000;

/** Longest key of a limit, in characters. */
export const maxLimitKeyLength = 200;

/** @throws InvalidOptionError for the first option that is missing, unknown or out of its range */
export function limitRules<P extends object>(limits: Limits<P> | undefined, name: string): LimitRule[] {
  if (limits === undefined) return [];
  const list = Array.isArray(limits) ? (limits as readonly LimitOptions[]) : [limits as LimitOptions];
  return list.map((limit, i) => limitRule(limit, Array.isArray(limits) ? `${name}[${i}]` : name));
}

/**
 * The keys of a job under these rules, one for each; `null`: not limited by this one.
 *
 * @throws InvalidParamsError when a key cannot be computed of the params
 */
export function limitKeys(rules: readonly LimitRule[], params: JsonObject): (string | null)[] {
  return rules.map(({ key }) => (typeof key === "string" ? key : computed(key, params)));
}

/** Whether the keys of these rules can only be known where the task's code is. */
export function hasComputedKey(rules: readonly { readonly key: LimitKey | null }[]): boolean {
  return rules.some(({ key }) => typeof key !== "string");
}

function limitRule(limit: LimitOptions, name: string): LimitRule {
  refuseUnknown(limit, name);
  const { key = "", max, per, concurrency } = limit;
  if (typeof key !== "function" && (typeof key !== "string" || key.length > maxLimitKeyLength))
    throw new InvalidOptionError(`${name}.key: expected a text or a function of the params`);
  if ((max === undefined) !== (per === undefined))
    throw new InvalidOptionError(`${name}: give max and per together, such as { max: 10, per: "1s" }`);
  if (max === undefined && concurrency === undefined)
    throw new InvalidOptionError(`${name}: say what is limited: { max: 10, per: "1s" } or { concurrency: 3 }`);
  return { key, ...rate(max, per, name), ...places(concurrency, name) };
}

function rate(max: number | undefined, per: Duration | undefined, name: string): Pick<LimitFigures, "max" | "per"> {
  if (max === undefined || per === undefined) return {};
  checkCount(max, maxStarts, `${name}.max`);
  const window = toMs(per, `${name}.per`);
  if (window < 10 || window > 31_536_000_000)
    throw new InvalidOptionError(`${name}.per: expected 10 ms to 365 days, got ${window} ms`);
  return { max, per: window };
}

function places(concurrency: number | undefined, name: string): Pick<LimitFigures, "concurrency"> {
  if (concurrency === undefined) return {};
  checkCount(concurrency, 10_000, `${name}.concurrency`);
  return { concurrency };
}

function checkCount(value: number, most: number, name: string): void {
  if (Number.isInteger(value) && value >= 1 && value <= most) return;
  throw new InvalidOptionError(`${name}: expected a whole number from 1 to ${most}, got ${showValue(value)}`);
}

function computed(key: Exclude<LimitKey, string>, params: JsonObject): string | null {
  const value = callKey(key, params);
  if (value === undefined || value === null) return null;
  const text = typeof value === "number" ? String(value) : value;
  if (typeof text === "string" && text.length <= maxLimitKeyLength && text.isWellFormed()) return text;
  throw new InvalidParamsError(
    `the key of the limit must be a text of at most ${maxLimitKeyLength} characters, or undefined`,
  );
}

function callKey(key: Exclude<LimitKey, string>, params: JsonObject): unknown {
  try {
    return key(params);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new InvalidParamsError(`the key of the limit cannot be computed of these params: ${why}`);
  }
}

function refuseUnknown(limit: object, name: string): void {
  if (typeof limit !== "object" || limit === null)
    throw new InvalidOptionError(`${name}: expected { key, max, per, concurrency }`);
  const odd = Object.keys(limit).find((key) => !["key", "max", "per", "concurrency"].includes(key));
  if (odd !== undefined)
    throw new InvalidOptionError(`${name}: unknown option "${odd}": a limit has key, max, per, concurrency`);
}
