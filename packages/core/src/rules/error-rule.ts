import { InvalidOptionError } from "../errors/errors.js";

/**
 * Which errors are meant: all of a class, those with a `code` or `name`, or those for which a function says so.
 */
export type ErrorRule = ErrorClass | string | ((error: unknown) => boolean);

type ErrorClass = abstract new (...args: never[]) => unknown;

/** Whether one of the rules names the error. Throws what a rule's function throws. */
export function isMeant(rules: ErrorRule | readonly ErrorRule[], error: unknown): boolean {
  return listOf(rules).some((rule) => isMeantBy(rule, error));
}

/** The rules that need no call of their author's code. */
export function plainRules(rules: ErrorRule | readonly ErrorRule[]): readonly ErrorRule[] {
  return listOf(rules).filter((rule) => typeof rule === "string" || isClass(rule));
}

/** @throws InvalidOptionError unless every rule is a class, a text or a function */
export function checkErrorRules(rules: unknown, name: string): void {
  const list = Array.isArray(rules) ? rules : [rules];
  const wrong = list.find((rule) => typeof rule !== "function" && (typeof rule !== "string" || rule === ""));
  if (list.length > 0 && wrong === undefined && !list.includes(undefined)) return;
  throw new InvalidOptionError(
    `${name}: expected an error class, an error code or name, a function of the error, or a list of these`,
  );
}

function listOf(rules: ErrorRule | readonly ErrorRule[]): readonly ErrorRule[] {
  return Array.isArray(rules) ? (rules as readonly ErrorRule[]) : [rules as ErrorRule];
}

function isMeantBy(rule: ErrorRule, error: unknown): boolean {
  if (typeof rule === "string") return namesOf(error).includes(rule);
  if (isClass(rule)) return error instanceof rule;
  return Boolean((rule as (error: unknown) => boolean)(error));
}

function namesOf(error: unknown): readonly unknown[] {
  if (typeof error !== "object" || error === null) return [];
  const { code, name } = error as { code?: unknown; name?: unknown };
  return [code, name];
}

function isClass(rule: Exclude<ErrorRule, string>): rule is ErrorClass {
  const { prototype } = rule as { prototype?: unknown };
  return rule === Error || prototype instanceof Error || /^class\b/.test(Function.prototype.toString.call(rule));
}
