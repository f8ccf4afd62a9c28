import {
  type Due,
  type JobSettings,
  MalformedJobError,
  schemaVersion,
  type UniqueKey,
  type JobMeta,
} from "@tandemq/core";

/** What an entry says that no script changes. */
export interface Head {
  readonly v: number;
  readonly path: string;
  readonly settings: JobSettings;
  readonly tags?: readonly string[];
  readonly parent?: string;
  readonly meta?: JobMeta;
  readonly key?: UniqueKey;
  /** Absolute, or after the time at which the job was queued. */
  readonly startBy?: Due;
  readonly score?: number;
  readonly seen?: true;
  /** It comes from another store: until when it was parked, and its own due time, milliseconds since the epoch. */
  readonly parked?: { readonly until: number; readonly due: number };
}

/** What stands before the params: `<queuedAtMs> <generation> <priority>`, and the head as JSON, a line each. */
export interface Beginning {
  /** With the ends of its lines. */
  readonly text: string;
  readonly queuedAt: number;
  readonly generation: number;
  readonly priority: number;
  readonly head: Head;
}

export interface Entry extends Beginning {
  /** A JSON object as text, unread. */
  readonly params: string;
}

/**
 * Reads the text of an entry: its beginning, and the params as a last line.
 *
 * @throws MalformedJobError saying what is wrong with it
 */
export function readEntry(text: string | null): Entry {
  const beginning = readBeginning(text);
  return { ...beginning, params: readParams(text, beginning) };
}

/** Jobs that were enqueued together begin alike. */
let last: Beginning | undefined;

/** The beginning of an entry. @throws MalformedJobError */
export function readBeginning(text: string | null): Beginning {
  if (text === null) throw new MalformedJobError("the entry has no body");
  if (!last || !text.startsWith(last.text)) last = parseBeginning(text);
  return last;
}

/** The own due time of a job that is parked still, which is due then. */
export function parkedDue(entry: string, due: string): string | undefined {
  try {
    const { parked } = readBeginning(entry).head;
    return parked && parked.until === Number(due) ? String(parked.due) : undefined;
  } catch {
    return undefined;
  }
}

function parseBeginning(text: string): Beginning {
  const first = text.indexOf("\n");
  const second = text.indexOf("\n", first + 1);
  if (first < 0 || second < 0) throw new MalformedJobError("the entry has not the three parts of a job");
  const [queuedAt = Number.NaN, generation = Number.NaN, priority = Number.NaN] = text
    .slice(0, first)
    .split(" ")
    .map(Number);
  if (!Number.isSafeInteger(queuedAt + generation + priority)) {
    throw new MalformedJobError("the entry's first line is not a queue time, a generation and a priority");
  }
  return {
    queuedAt,
    generation,
    priority,
    head: readHead(text.slice(first + 1, second)),
    text: text.slice(0, second + 1),
  };
}

/** Jobs of one batch mostly have the same head. */
let lastText = "";
let lastHead: Head | undefined;

function readHead(text: string): Head {
  if (lastHead && text === lastText) return lastHead;
  lastHead = parseHead(text);
  lastText = text;
  return lastHead;
}

function parseHead(text: string): Head {
  const { v, path, settings, tags, parent, key, startBy, meta, score, seen, parked } = parseObject(text);
  if (typeof path !== "string" || path === "") throw new MalformedJobError("the entry names no task path");
  if (typeof v !== "number" || v > schemaVersion) {
    throw new MalformedJobError(
      `the entry has schema version ${String(v)}, and this program reads ${schemaVersion} and older`,
    );
  }
  return {
    v,
    path,
    settings: isObject(settings) ? settings : {},
    ...(Array.isArray(tags) ? { tags: tags.map(String) } : {}),
    ...(typeof parent === "string" ? { parent } : {}),
    ...(isObject(meta) ? { meta: meta as JobMeta } : {}),
    ...(isKey(key) ? { key } : {}),
    ...(isDue(startBy) ? { startBy } : {}),
    ...(typeof score === "number" ? { score } : {}),
    ...(seen === true ? { seen } : {}),
    ...(isParked(parked) ? { parked } : {}),
  };
}

function parseObject(text: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new MalformedJobError("the entry's head is not JSON");
  }
  if (!isObject(value)) throw new MalformedJobError("the entry's head is not a JSON object");
  return value as Record<string, unknown>;
}

/** Only the outline is looked at: the executor reads the params, and fails the job when they are not JSON. */
export function readParams(text: string | null, { text: { length: start } }: Beginning): string {
  if (text?.[start] !== "{" || text.at(-1) !== "}")
    throw new MalformedJobError("the entry's params are not a JSON object");
  return text.slice(start);
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isParked(value: unknown): value is NonNullable<Head["parked"]> {
  return (
    isObject(value) && "until" in value && "due" in value && Number.isFinite(value.until) && Number.isFinite(value.due)
  );
}

function isDue(value: unknown): value is Due {
  if (!isObject(value)) return false;
  return "at" in value ? Number.isFinite(value.at) : "after" in value && Number.isFinite(value.after);
}

/** The time that an entry's `startBy` names, if it has one. */
export function startByOf({ head: { startBy }, queuedAt }: Beginning): number | undefined {
  if (!startBy) return undefined;
  return "at" in startBy ? startBy.at : queuedAt + startBy.after;
}

function isKey(value: unknown): value is UniqueKey {
  return isObject(value) && "value" in value && typeof value.value === "string" && "until" in value;
}
