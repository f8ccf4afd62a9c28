import { InvalidOptionError } from "../errors/errors.js";
import { showValue } from "../options/show-value.js";

/** No time that is asked for comes later: every store holds it exactly. */
const latest = Date.UTC(3000, 0);

/**
 * A moment in milliseconds since the epoch.
 *
 * @param name begins the error's sentence
 * @throws InvalidOptionError unless it is a date, or milliseconds, before the year 3000
 */
export function timeOf(when: Date | number, name: string): number {
  const time = when instanceof Date ? when.getTime() : when;
  if (typeof time === "number" && Math.abs(time) < latest) return time;
  const shown = when instanceof Date ? String(when) : showValue(when);
  throw new InvalidOptionError(
    `${name}: expected a valid date before the year 3000, or milliseconds since the epoch, got ${shown}`,
  );
}
