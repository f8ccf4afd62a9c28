import { setTimeout as pause } from "node:timers/promises";
import { InvalidOptionError } from "../errors/errors.js";
import type { Job, JobId } from "../model/job.js";
import { isFinal } from "../model/status.js";
import { type JobLogLine, type JobLogs, type LogChunk, type JobLogLevel, jobLogLevels } from "../ports/job-logs.js";
import { showValue } from "../options/show-value.js";
import { checkSignal } from "../rules/check-arguments.js";
import { checkInteger, refuseUnknown } from "../tasks/check-task-options.js";

/** Which lines of a job's log. */
export interface LogFilter {
  /** Of this level and more severe ones. */
  readonly level?: JobLogLevel;
  /** With this text in the message or the data, in any case of letters. */
  readonly text?: string;
  /** Of this run. */
  readonly attempt?: number;
}

export interface TailOptions extends LogFilter {
  /** Ends the iteration. */
  readonly signal?: AbortSignal;
  /** The job's queue, which makes looking for its end cheaper. */
  readonly queue?: string;
}

/** Milliseconds between two looks. */
const every = 250;
/** So many looks after the job's end: its last lines may still be on their way. */
const looksAfterEnd = 8;

/** @throws InvalidOptionError when the filter is unknown or of a wrong type */
export async function readLog(logs: JobLogs, id: JobId, filter: LogFilter): Promise<JobLogLine[]> {
  const wanted = lineFilter(filter);
  return (await logs.read(id)).flatMap(linesOf).filter(wanted);
}

/** @throws InvalidOptionError when the filter is unknown or of a wrong type */
export function tailLog(
  logs: JobLogs,
  id: JobId,
  job: () => Promise<Job | undefined>,
  { signal, queue: _, ...filter }: TailOptions,
): AsyncIterable<JobLogLine> {
  checkSignal(signal, "tail");
  return follow(logs, id, job, lineFilter(filter), signal);
}

async function* follow(
  logs: JobLogs,
  id: JobId,
  job: () => Promise<Job | undefined>,
  wanted: (line: JobLogLine) => boolean,
  signal?: AbortSignal,
): AsyncGenerator<JobLogLine> {
  const seen: string[] = [];
  for (let left = looksAfterEnd; left > 0 && !signal?.aborted; ) {
    const chunks = await logs.read(id, seen);
    for (const line of chunks.flatMap(linesOf)) if (wanted(line)) yield line;
    seen.push(...chunks.map((chunk) => chunk.id));
    const found = await job();
    if (!found || isFinal(found.status)) left--;
    await pause(every, undefined, signal ? { signal } : {}).catch(() => undefined);
  }
}

/** The lines of a chunk, with a note where older ones were dropped. */
function linesOf({ lines, dropped }: LogChunk): readonly JobLogLine[] {
  const [first] = lines;
  if (dropped === 0 || !first) return lines;
  const message = `${dropped} earlier lines were dropped: a job keeps its last ones`;
  return [{ at: first.at, level: "warn", message, attempt: first.attempt }, ...lines];
}

function lineFilter(filter: LogFilter): (line: JobLogLine) => boolean {
  refuseUnknown(filter, ["level", "text", "attempt"], "logs");
  const { level = "debug", text, attempt } = filter;
  const least = jobLogLevels.indexOf(level);
  if (least < 0) {
    throw new InvalidOptionError(`logs: level: expected one of ${jobLogLevels.join(", ")}, got ${showValue(level)}`);
  }
  if (text !== undefined && typeof text !== "string") throw new InvalidOptionError("logs: text: expected a text");
  if (attempt !== undefined) checkInteger(attempt, 1, Number.MAX_SAFE_INTEGER, "logs: attempt");
  const sought = text?.toLowerCase();
  return (line) =>
    jobLogLevels.indexOf(line.level) >= least &&
    (attempt === undefined || line.attempt === attempt) &&
    (sought === undefined || `${line.message} ${JSON.stringify(line.data ?? "")}`.toLowerCase().includes(sought));
}
