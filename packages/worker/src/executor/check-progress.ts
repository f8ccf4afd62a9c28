import { InvalidParamsError, findJsonFault, options as o } from "@tandemq/core";

/** Longest progress, in characters of JSON. */
const longest = 16_384;

/** @throws InvalidParamsError unless the value is a share from 0 to 1, or a small JSON object */
export function checkProgress(value: unknown): void {
  if (typeof value === "number") {
    if (value >= 0 && value <= 1) return;
    throw new InvalidParamsError(`progress: expected a share from 0 to 1, or an object; got ${value}`);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new InvalidParamsError(`progress: expected a share from 0 to 1, or an object; got ${o.showValue(value)}`);
  }
  const fault = findJsonFault(value, "progress");
  if (fault) throw new InvalidParamsError(`${fault}: progress must survive JSON and BSON`);
  const { length } = JSON.stringify(value);
  if (length > longest) throw new InvalidParamsError(`progress: ${length} characters of JSON; ${longest} are allowed`);
}
