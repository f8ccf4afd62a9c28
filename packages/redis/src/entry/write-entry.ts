import { type Due, type NewJob, schemaVersion } from "@tandemq/core";

/** Entry text without its first line, which the script writes: the head as one line of JSON, then the params unread. */
export function writeEntry(job: NewJob): string {
  return `${writeHead(job)}\n${job.params}`;
}

export function writeDue(due: Due): string {
  if ("at" in due) return `@${Math.round(due.at)}`;
  return due.after > 0 ? `+${Math.round(due.after)}` : "";
}

/** The key as the scripts keep it: a letter for when it is freed, then its value. */
export function writeKey({ key }: NewJob): string {
  return key ? (key.until === "start" ? "s" : "f") + key.value : "";
}

let lastPath = "";
let lastHead = "";

/** Most jobs say nothing but their path, and follow others of the same path. */
function writeHead({ path, settings, tags, parent, key }: NewJob): string {
  if (settings ?? tags ?? parent ?? key) return JSON.stringify({ v: schemaVersion, path, settings, tags, parent, key });
  if (path !== lastPath) {
    lastPath = path;
    lastHead = JSON.stringify({ v: schemaVersion, path });
  }
  return lastHead;
}
