import { InvalidOptionError } from "../errors/errors.js";
import { showValue } from "../options/show-value.js";

/** Which tasks a worker runs, by patterns of their paths in which `*` stands for any text. The others wait for others. */
export interface PathFilter {
  /** Only these. Default: all. */
  readonly only?: readonly string[];
  /** None of these. */
  readonly except?: readonly string[];
}

const pattern = /^[A-Za-z0-9_.:/#$*-]{1,200}$/;

/** @throws InvalidOptionError for the first pattern that can match no path */
export function checkPathFilter({ only = [], except = [] }: PathFilter, name: string): void {
  for (const [option, list] of Object.entries({ only, except })) {
    if (!Array.isArray(list) || list.length > 100)
      throw new InvalidOptionError(`${name}: ${option}: expected at most 100 patterns of task paths`);
    for (const one of list) {
      if (typeof one === "string" && pattern.test(one)) continue;
      throw new InvalidOptionError(
        `${name}: ${option}: ${showValue(one)} is not a pattern of task paths such as "mail.*"`,
      );
    }
  }
}

/** Whether nothing is filtered. */
export function isOpen({ only = [], except = [] }: PathFilter): boolean {
  return only.length === 0 && except.length === 0;
}

export function passes(path: string, { only = [], except = [] }: PathFilter): boolean {
  if (except.some((one) => pathPattern(one).test(path))) return false;
  return only.length === 0 || only.some((one) => pathPattern(one).test(path));
}

/** The pattern as a regular expression. */
export function pathPattern(one: string): RegExp {
  return new RegExp(`^${one.replace(/[.$]/g, "\\$&").replaceAll("*", ".*")}$`);
}
