import { InvalidOptionError } from "../errors/errors.js";
import type { HistogramRange } from "../model/histogram.js";
import { showValue } from "../options/show-value.js";
import { checkInteger, refuseUnknown } from "../tasks/check-task-options.js";

export interface HistogramOptions {
  /** Where the first slice begins: a time, or in a `sorted` queue a score. Default: now; of scores the lowest. */
  readonly from?: Date | number;
  /** Where the last slice ends. Default: just after the last there is. */
  readonly to?: Date | number;
  /** 1 … 1,000; those of the open ends come on top. Default: 10. */
  readonly slices?: number;
}

/** @throws InvalidOptionError */
export function rangeOf(options: HistogramOptions): HistogramRange {
  refuseUnknown(options, ["from", "to", "slices"], "histogram");
  const { slices = 10 } = options;
  checkInteger(slices, 1, 1000, "histogram: slices");
  const [from, to] = [endOf(options, "from"), endOf(options, "to")];
  if (from !== undefined && to !== undefined && from >= to) {
    throw new InvalidOptionError(`histogram: to: expected more than from (${from}), got ${to}`);
  }
  return { slices, ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
}

function endOf(options: HistogramOptions, name: "from" | "to"): number | undefined {
  const value = options[name];
  if (value === undefined) return undefined;
  const number = value instanceof Date ? value.getTime() : value;
  if (typeof number === "number" && Number.isFinite(number) && Math.abs(number) <= mostEnd) return number;
  throw new InvalidOptionError(`histogram: ${name}: expected a valid date or a finite number, got ${showValue(value)}`);
}

/** The last time that a date can be. */
const mostEnd = 8.64e15;
