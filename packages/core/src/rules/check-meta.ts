import { InvalidOptionError } from "../errors/errors.js";

const most = { entries: 20, name: 100, value: 1_000 };

/** @throws InvalidOptionError unless `meta` is a small object of small texts */
export function checkMeta(meta: unknown, name: string): void {
  if (typeof meta !== "object" || meta === null || Array.isArray(meta)) {
    throw new InvalidOptionError(`${name}: expected an object of texts`);
  }
  const entries = Object.entries(meta);
  if (entries.length > most.entries) throw new InvalidOptionError(`${name}: expected at most ${most.entries} entries`);
  for (const [key, value] of entries) checkEntry(key, value, name);
}

function checkEntry(key: string, value: unknown, name: string): void {
  if (key === "" || key === "__proto__" || key.length > most.name || key.includes("\0") || !key.isWellFormed()) {
    throw new InvalidOptionError(`${name}: ${JSON.stringify(key)} cannot be a name: 1 to ${most.name} characters`);
  }
  if (typeof value !== "string" || value.length > most.value || !value.isWellFormed()) {
    throw new InvalidOptionError(`${name}: ${key}: expected a text of at most ${most.value} characters`);
  }
}
