/** Deepest nesting of params and results; MongoDB itself allows 100 levels per document. */
export const maxDepth = 90;

/** Largest params or result, in bytes of JSON text, unless configured otherwise. */
export const defaultMaxBytes: number = 1024 * 1024;

/**
 * Why `value` does not survive a round trip through JSON **and** BSON, or `undefined` when it does.
 *
 * Refused: BigInt, symbols, functions, NaN and infinities, class instances (dates and buffers too: pass text or
 * numbers), cycles, nesting over 90 levels, lone surrogates, NUL in keys, keys named `_bsontype`, `undefined` in arrays.
 * Properties whose value is `undefined` are dropped, as JSON does.
 *
 * @param root how the value is called in the answer, such as `params`
 * Sources: RFC 8259; the BSON specification (keys are C strings); MongoDB limits and thresholds (nesting).
 */
export function findJsonFault(value: unknown, root: string): string | undefined {
  return check(value, root, 0, new Set());
}

function check(value: unknown, path: string, depth: number, above: Set<object>): string | undefined {
  switch (typeof value) {
    case "string":
      return value.isWellFormed() ? undefined : `${path} has a lone surrogate`;
    case "number":
      return Number.isFinite(value) ? undefined : `${path} is ${value}`;
    case "boolean":
      return undefined;
    case "object":
      return value === null ? undefined : checkObject(value, path, depth, above);
    default:
      return `${path} is ${typeof value === "undefined" ? "undefined" : `a ${typeof value}`}`;
  }
}

function checkObject(value: object, path: string, depth: number, above: Set<object>): string | undefined {
  if (depth >= maxDepth) return `${path} is nested deeper than ${maxDepth} levels`;
  if (above.has(value)) return `${path} refers back to a value that contains it`;
  if (!Array.isArray(value) && !isPlain(value)) return `${path} is a ${nameOf(value)}; pass plain data`;
  above.add(value);
  const fault = Array.isArray(value) ? checkItems(value, path, depth, above) : checkKeys(value, path, depth, above);
  above.delete(value);
  return fault;
}

function checkItems(items: readonly unknown[], path: string, depth: number, above: Set<object>): string | undefined {
  for (let i = 0; i < items.length; i++) {
    const fault = check(items[i], `${path}[${i}]`, depth + 1, above);
    if (fault) return fault;
  }
  return undefined;
}

function checkKeys(value: object, path: string, depth: number, above: Set<object>): string | undefined {
  for (const [key, child] of Object.entries(value)) {
    const fault = keyFault(key, path) ?? childFault(key, child, path, depth, above);
    if (fault) return fault;
  }
  return undefined;
}

function childFault(key: string, child: unknown, path: string, depth: number, above: Set<object>): string | undefined {
  return child === undefined ? undefined : check(child, `${path}.${key}`, depth + 1, above);
}

function keyFault(key: string, path: string): string | undefined {
  if (key.includes("\0")) return `${path} has a key with a NUL character`;
  if (key === "_bsontype") return `${path} has a key named _bsontype, which MongoDB drivers take for a type`;
  if (key === "toJSON") return `${path} has a key named toJSON`;
  return key.isWellFormed() ? undefined : `${path} has a key with a lone surrogate`;
}

/** Keys that were found good: most objects have the keys of others before them. */
const safe = new Set<string>();
const mostSafe = 1000;

/** Whether a key is none of those that are refused. */
export function isSafeKey(key: string): boolean {
  if (safe.has(key)) return true;
  if (keyFault(key, "") !== undefined) return false;
  if (safe.size < mostSafe) safe.add(key);
  return true;
}

export function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype || Object.getPrototypeOf(prototype) === null;
}

function nameOf(value: object): string {
  return (value.constructor as { name?: string } | undefined)?.name ?? "class instance";
}
