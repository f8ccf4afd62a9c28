import type { Mistake } from "../errors/errors.js";
import type { Field } from "./field.js";
import { Report } from "./report.js";

/** Options that were read without a mistake, and what is doubtful about them. */
export interface ReadOptions<T> {
  readonly value: T;
  readonly warnings: readonly Mistake[];
}

/**
 * Reads raw options by their schema.
 *
 * @param source what was read, such as a file's name; begins the error's sentence
 * @param check rules between several options; called only when each of them is right for itself
 * @throws ConfigError with all mistakes at once
 */
export function readOptions<T>(
  schema: Field<T>,
  given: unknown,
  source: string,
  check?: (value: T, report: Report) => void,
): ReadOptions<T> {
  const report = new Report();
  const value = schema.read(given, "", report);
  report.refuse(source);
  check?.(value, report);
  report.refuse(source);
  return { value, warnings: report.warnings };
}
