import { type Due, type NewJob, schemaVersion } from "@tandemq/core";
import type { Beginning, Head } from "./read-entry.js";

/** Entry text without its first line, which the script writes: the head as one line of JSON, then the params unread. */
export function writeEntry(job: NewJob): string {
  return `${writeHead(job)}\n${job.params}`;
}

export function writeDue(due: Due): string {
  if ("at" in due) return `@${Math.round(due.at)}`;
  return due.after > 0 ? `+${Math.round(due.after)}` : "";
}

/** The key as the scripts keep it: a letter for when it is freed, then its value. */
export function writeKey({ key }: Pick<NewJob, "key">): string {
  return key ? (key.until === "start" ? "s" : "f") + key.value : "";
}

/** Until when the key is taken at least, milliseconds since the epoch; `undefined` when it says no time. */
export function keyUntil({ queuedAt, head: { key } }: Beginning): number | undefined {
  return key?.for === undefined ? undefined : queuedAt + key.for;
}

/** The head of an entry that gives up its unique key. */
export function withoutKey(head: string): string {
  if (!head.includes('"key":')) return head;
  const { key: _key, ...rest } = JSON.parse(head) as { key?: unknown };
  return JSON.stringify(rest);
}

/** The head of an entry with other tags; one that is no JSON stays as it is, for its claim to set aside. */
export function withTags(head: string, tags: readonly string[]): string {
  try {
    return JSON.stringify({ ...(JSON.parse(head) as object), tags });
  } catch {
    return head;
  }
}

/** What the head of an entry says of its job. */
type HeadOf = Pick<NewJob, "path" | "settings" | "tags" | "parent" | "meta" | "key" | "startBy" | "score" | "seen"> & {
  readonly parked?: Head["parked"];
};

let lastPath = "";
let lastHead = "";

/** The head of an entry as one line of JSON. Most jobs say nothing but their path, and follow others of the same path. */
export function writeHead({ path, settings, tags, parent, meta, key, startBy, score, seen, parked }: HeadOf): string {
  if ((settings ?? tags ?? parent ?? meta ?? key ?? startBy ?? score ?? seen) !== undefined) {
    return JSON.stringify({ v: schemaVersion, path, settings, tags, parent, meta, key, startBy, score, seen, parked });
  }
  if (path !== lastPath) {
    lastPath = path;
    lastHead = JSON.stringify({ v: schemaVersion, path });
  }
  return lastHead;
}
