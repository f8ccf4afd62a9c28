import { isPlain, isSafeKey, maxDepth } from "./check-json.js";

/** Most bytes that one UTF-16 unit takes in JSON text: `\u0000`. */
const perUnit = 6;
const perNumber = 26;

/**
 * A quick look that nearly every value passes: at most so many bytes of JSON text, and nothing in it that
 * `findJsonFault` could find. `Infinity` where that is not sure: then that one is to be asked.
 */
export function plainBytes(value: unknown, depth: number = 0): number {
  switch (typeof value) {
    case "number":
      return Number.isFinite(value) ? perNumber : Number.POSITIVE_INFINITY;
    case "string":
      return value.isWellFormed() ? perUnit * value.length + 2 : Number.POSITIVE_INFINITY;
    case "boolean":
      return perNumber;
    case "object":
      return value === null ? perNumber : bytesOfObject(value, depth);
    default:
      return Number.POSITIVE_INFINITY;
  }
}

/** A cycle ends at the greatest depth. */
function bytesOfObject(value: object, depth: number): number {
  if (depth >= maxDepth) return Number.POSITIVE_INFINITY;
  if (Array.isArray(value)) return bytesOfItems(value, depth);
  return isPlain(value) ? bytesOfKeys(value as Readonly<Record<string, unknown>>, depth) : Number.POSITIVE_INFINITY;
}

function bytesOfItems(items: readonly unknown[], depth: number): number {
  let bytes = 2;
  for (const item of items) bytes += plainBytes(item, depth + 1) + 1;
  return bytes;
}

function bytesOfKeys(value: Readonly<Record<string, unknown>>, depth: number): number {
  let bytes = 2;
  for (const key in value) {
    if (!isSafeKey(key)) return Number.POSITIVE_INFINITY;
    const child = value[key];
    if (child !== undefined) bytes += perUnit * key.length + 4 + plainBytes(child, depth + 1);
  }
  return bytes;
}
