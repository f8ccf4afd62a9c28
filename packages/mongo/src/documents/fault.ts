import { isStatus, schemaVersion } from "@tandemq/core";
import { isObjectId } from "./ids.js";
import type { Stored } from "./job-document.js";

type Check = (value: unknown) => boolean;

const text: Check = (value) => typeof value === "string";
const name: Check = (value) => typeof value === "string" && value !== "";
const number: Check = (value) => typeof value === "number" && Number.isFinite(value);
const date: Check = (value) => value instanceof Date;
const plain: Check = (value) =>
  typeof value === "object" && value !== null && !Array.isArray(value) && !date(value) && !("_bsontype" in value);
const texts: Check = (value) => Array.isArray(value) && value.every(text);

const required: readonly (readonly [keyof Stored, Check, string])[] = [
  ["_id", isObjectId, "an ObjectId"],
  ["path", name, "a text that is not empty"],
  ["params", plain, "an object"],
  ["queue", name, "a text that is not empty"],
  ["status", isStatus, "a status"],
];

const optional: readonly (readonly [keyof Stored, Check, string])[] = [
  ["v", number, "a number"],
  ["priority", number, "a number"],
  ["key", isKey, 'an object { value: text, until: "start" or "finish", for: milliseconds or left out }'],
  ["rev", number, "a number"],
  ["generation", number, "a number"],
  ["attempt", number, "a number"],
  ["deliveries", number, "a number"],
  ["lost", number, "a number"],
  ["settings", plain, "an object"],
  ["tags", texts, "a list of texts"],
  ["meta", plain, "an object"],
  ["queuedAt", date, "a date"],
  ["startBy", date, "a date"],
  ["score", number, "a number"],
  ["history", Array.isArray, "a list"],
];

/** Why a document cannot be a job, as a sentence; `undefined` when it can. */
export function faultOf(stored: Stored): string | undefined {
  for (const [field, check, expected] of required) {
    if (!check(stored[field])) return `${field} must be ${expected}, got ${show(stored[field])}`;
  }
  for (const [field, check, expected] of optional) {
    if (stored[field] !== undefined && !check(stored[field])) {
      return `${field} must be ${expected}, got ${show(stored[field])}`;
    }
  }
  return versionFault(stored.v);
}

function versionFault(v: unknown): string | undefined {
  if (typeof v !== "number" || v <= schemaVersion) return undefined;
  return `its schema version is ${v}, this worker knows ${schemaVersion}: upgrade the workers, then requeue the job`;
}

function isKey(value: unknown): boolean {
  if (!plain(value)) return false;
  const { value: key, until, for: time } = value as { value?: unknown; until?: unknown; for?: unknown };
  return text(key) && (until === "start" || until === "finish") && (time === undefined || number(time));
}

function show(value: unknown): string {
  if (value === undefined) return "nothing";
  try {
    return (JSON.stringify(value) ?? String(value)).slice(0, 100);
  } catch {
    return typeof value;
  }
}
