import { type AttemptRecord, isStatus, type JobError, type Status } from "@tandemq/core";

/** What earlier deliveries left behind. */
export interface Past {
  readonly attempt: number;
  readonly deliveries: number;
  readonly lost: number;
  /** The token that was settled last. */
  readonly token: string | undefined;
  readonly history: readonly AttemptRecord[];
}

/** Reads `<attempt> <deliveries> <lost> <token>` and its lines, one per earlier run; what cannot be read is left out. */
export function readPast(text: string): Past {
  const [first = "", ...lines] = text.split("\n");
  const [attempt, deliveries, lost, token] = first.split(" ");
  return {
    attempt: toCount(attempt),
    deliveries: toCount(deliveries),
    lost: toCount(lost),
    token: token === undefined || token === "" || token === "-" ? undefined : token,
    history: lines.map(readRun).filter((run) => run !== undefined),
  };
}

/** Reads `<attempt> <status> <startedMs> <finishedMs> <token> <error>`. */
function readRun(line: string): AttemptRecord | undefined {
  const [attempt, status, started, finished, token = ""] = line.split(" ", 5);
  if (!isStatus(status)) return undefined;
  const error = readError(line.slice([attempt, status, started, finished, token].join(" ").length + 1));
  return {
    attempt: toCount(attempt),
    status,
    startedAt: toDate(started),
    finishedAt: toDate(finished) ?? new Date(0),
    worker: workerOf(token),
    ...(error ? { error } : {}),
  };
}

export interface End {
  readonly status: Status;
  readonly startedAt: Date | undefined;
  readonly finishedAt: Date | undefined;
  readonly deleteAt: Date | undefined;
  readonly error: JobError | undefined;
}

/** Reads `<status> <startedMs> <finishedMs> <deleteMs> <error>`. */
export function readEnd(line: string): End | undefined {
  const [status = "", started = "", finished = "", deleted = ""] = line.split(" ", 4);
  if (!isStatus(status)) return undefined;
  const error = readError(line.slice([status, started, finished, deleted].join(" ").length + 1));
  return { status, startedAt: toDate(started), finishedAt: toDate(finished), deleteAt: toDate(deleted), error };
}

export function readError(text: string): JobError | undefined {
  if (text === "") return undefined;
  try {
    return JSON.parse(text) as JobError;
  } catch {
    return { name: "Error", message: text };
  }
}

/** The worker that a token was made for: what stands before the part that makes its session unique. */
export function workerOf(token: string): string | undefined {
  const end = token.lastIndexOf("~");
  return end > 0 ? token.slice(0, end) : undefined;
}

export function toDate(ms: string | undefined): Date | undefined {
  const time = Number(ms);
  return time > 0 && time < 8.64e15 ? new Date(time) : undefined;
}

function toCount(text: string | undefined): number {
  const count = Number(text);
  return Number.isSafeInteger(count) && count >= 0 ? count : 0;
}
