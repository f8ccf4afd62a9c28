import { InvalidOptionError } from "../errors/errors.js";
import { showValue } from "../options/show-value.js";

/** Longest task path, in characters. */
export const maxPathLength = 200;

const named = /^[A-Za-z0-9_][A-Za-z0-9_.:/-]*$/;
const canonical = /^[A-Za-z0-9_][A-Za-z0-9_./-]*#[A-Za-z_$][\w$]*$/;
const forbidden: ReadonlySet<string> = new Set(["constructor", "prototype", "__proto__", "hasOwnProperty", "toString"]);

/**
 * Whether `path` can name a task: a name given to `defineTask` (`thumbnails.make`) or a canonical path
 * `module#export` (`tasks/mail#send`). Builtin modules, parent folders and inherited property names never do.
 */
export function isTaskPath(path: string): boolean {
  if (path.length > maxPathLength || path.startsWith("node:")) return false;
  if (path.split(/[#/]/).some((part) => part === ".." || part === "." || forbidden.has(part))) return false;
  return path.includes("#") ? canonical.test(path) : named.test(path);
}

/** @throws InvalidOptionError with the rule, when the path cannot name a task */
export function assertTaskPath(path: unknown): asserts path is string {
  if (typeof path === "string" && isTaskPath(path)) return;
  throw new InvalidOptionError(
    `${showValue(path)} is not a task path: use letters, digits and . _ - : / (at most ${maxPathLength} characters), or module#export`,
  );
}
