import { InvalidParamsError, InvalidResultError } from "../errors/errors.js";
import type { Json } from "../model/json.js";
import { defaultMaxBytes, findJsonFault } from "./check-json.js";
import { plainBytes } from "./plain-bytes.js";

/**
 * Params as the JSON text that goes into the store.
 *
 * @param maxBytes largest UTF-8 size of the text. Default: 1 MiB.
 * @throws InvalidParamsError naming the culprit's path, or both sizes
 */
export function encodeParams(params: unknown, maxBytes: number = defaultMaxBytes): string {
  if (typeof params !== "object" || params === null || Array.isArray(params)) {
    throw new InvalidParamsError(
      `params must be an object, got ${Array.isArray(params) ? "an array" : describe(params)}`,
    );
  }
  const most = plainBytes(params);
  const fault = most === Number.POSITIVE_INFINITY ? findJsonFault(params, "params") : undefined;
  if (fault) throw new InvalidParamsError(`${fault}: params must survive JSON and BSON`);
  const text = JSON.stringify(params);
  if (most <= maxBytes) return text;
  const bytes = Buffer.byteLength(text);
  if (bytes > maxBytes) {
    throw new InvalidParamsError(
      `params are ${bytes} bytes, the limit is ${maxBytes}: store the data elsewhere and pass a reference`,
    );
  }
  return text;
}

/**
 * Checks a task's return value before it is sent anywhere; `undefined` stands for no result.
 *
 * @throws InvalidResultError naming the culprit's path, or both sizes
 */
export function checkResult(result: unknown, maxBytes: number = defaultMaxBytes): Json | undefined {
  if (result === undefined) return undefined;
  if (plainBytes(result) <= maxBytes) return result as Json;
  const fault = findJsonFault(result, "result");
  if (fault) throw new InvalidResultError(`${fault}: results must survive JSON and BSON`);
  const bytes = Buffer.byteLength(JSON.stringify(result));
  if (bytes > maxBytes) {
    throw new InvalidResultError(
      `the result is ${bytes} bytes, the limit is ${maxBytes}: store the data elsewhere and return a reference`,
    );
  }
  return result as Json;
}

function describe(value: unknown): string {
  return value === null ? "null" : typeof value;
}
