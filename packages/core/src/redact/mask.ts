/** What stands where something was left out. */
export const masked = "[redacted]";

/**
 * The value without what the path names: keys, `*` for any one, `**` for any depth. What is not touched is not copied.
 *
 * @param found is told every value that was left out
 */
export function mask(value: unknown, path: readonly string[], found: (secret: unknown) => void): unknown {
  const [key, ...rest] = path;
  if (key === undefined) {
    found(value);
    return masked;
  }
  if (typeof value !== "object" || value === null) return value;
  const here = key === "**" ? mask(value, rest, found) : value;
  if (key === "**" && rest.length === 0) return here;
  const entries = Object.entries(here as object);
  const changed = entries.map(([name, child]) => [name, maskChild(name, child, key, path, found)] as const);
  if (changed.every(([, child], i) => child === entries[i]?.[1])) return here;
  return Array.isArray(here) ? changed.map(([, child]) => child) : Object.fromEntries(changed);
}

function maskChild(
  name: string,
  child: unknown,
  key: string,
  path: readonly string[],
  found: (secret: unknown) => void,
): unknown {
  if (key === "**") return mask(child, path, found);
  return key === "*" || key === name ? mask(child, path.slice(1), found) : child;
}
