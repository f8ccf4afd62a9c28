import { redactText } from "../rules/redact-url.js";

const maxShown = 80;

/** A value as it is quoted in a mistake: short, on one line, without passwords. */
export function showValue(value: unknown): string {
  if (typeof value === "string") return cut(JSON.stringify(redactText(value)));
  if (typeof value === "function") return "a function";
  if (typeof value === "object" && value !== null)
    return Array.isArray(value) ? `a list of ${value.length}` : "an object";
  return String(value);
}

/** The path of a key below `path`, such as `worker.lease` or `queues["crawl/*"]`. */
export function joinPath(path: string, key: string | number): string {
  if (typeof key === "number") return `${path}[${key}]`;
  if (!/^[\w$-]+$/.test(key)) return `${path}[${JSON.stringify(key)}]`;
  return path ? `${path}.${key}` : key;
}

function cut(text: string): string {
  return text.length > maxShown ? `${text.slice(0, maxShown)}…` : text;
}
