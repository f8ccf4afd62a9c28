import { BrokerUnavailableError } from "@tandemq/core";

/**
 * The promise's value, or a `BrokerUnavailableError` after `ms` milliseconds: a call that never comes back must not
 * stop the loop that made it.
 *
 * @param onLate gets the value if it comes later
 */
export function withDeadline<T>(
  promise: Promise<T>,
  ms: number,
  what: string,
  onLate: (value: T) => void = () => {},
): Promise<T> {
  return new Promise((resolve, reject) => {
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      reject(new BrokerUnavailableError(`${what} got no answer within ${ms} ms`));
    }, ms);
    promise.then(
      (value) => {
        clearTimeout(timer);
        if (late) onLate(value);
        else resolve(value);
      },
      (error: unknown) => {
        clearTimeout(timer);
        reject(error);
      },
    );
  });
}
