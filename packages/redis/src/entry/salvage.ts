import { createHash } from "node:crypto";
import {
  isJobId,
  type Job,
  type JobId,
  type JsonObject,
  MalformedEntryError,
  schemaVersion,
  toJobError,
} from "@tandemq/core";

/** The path of a job whose entry does not tell one. */
const unknownPath = "malformed";

/** Characters of the entry that its error shows. */
const mostShown = 500;

/** An entry that cannot be a job, as the failed job that tells of it: with what can be read of it. */
export function salvage(queue: string, id: JobId, text: string | null, reason: string, now: number): Job {
  const [first = "", second = "", third = ""] = (text ?? "").split("\n", 3);
  const [queuedAt = 0, generation = 1, priority = 0] = first.split(" ").map(Number);
  const path = objectOf(second)?.["path"];
  const { stack: _stack, ...error } = toJobError(new MalformedEntryError(reason, shown(text)));
  return {
    ...{ v: schemaVersion, id: idOf(queue, id), queue, path: typeof path === "string" && path ? path : unknownPath },
    params: (objectOf(third) as JsonObject | undefined) ?? {},
    priority: priority >= -10 && priority <= 10 ? Math.round(priority) : 0,
    generation: Number.isSafeInteger(generation) && generation > 0 ? generation : 1,
    ...{ status: "failed", error, settings: {}, history: [], attempt: 0, deliveries: 1, lost: 0 },
    queuedAt: new Date(queuedAt > 0 && queuedAt < now ? queuedAt : now),
    finishedAt: new Date(now),
  };
}

/** Its own id where that can be one, else one made of it, the same each time. */
function idOf(queue: string, id: string): JobId {
  if (isJobId(id)) return id;
  return createHash("sha1")
    .update(JSON.stringify([queue, id]))
    .digest("hex")
    .slice(0, 24);
}

function shown(text: string | null): string | undefined {
  return text === null ? undefined : text.slice(0, mostShown).toWellFormed();
}

function objectOf(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
