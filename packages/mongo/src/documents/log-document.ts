import {
  defaults,
  type JobLogLine,
  type Json,
  type LogChunk,
  type JobLogLevel,
  logChunkSize,
  jobLogLevels,
} from "@tandemq/core";
import { ObjectId } from "mongodb";

/** Some log lines of one job. */
export interface LogDocument {
  _id: ObjectId;
  /** The job's id as text. */
  job: string;
  /** When the first line was written, by the clock of its process. */
  at: Date;
  lines: readonly StoredLine[];
  /** Number and size of the lines. */
  count: number;
  bytes: number;
  /** Lines that were dropped just before these. */
  dropped: number;
  /** The document is deleted at this time, by a TTL index. */
  deleteAt: Date;
}

interface StoredLine {
  at: Date;
  level: JobLogLevel;
  message: string;
  /** JSON text: BSON refuses some keys. */
  data?: string;
  attempt: number;
}

export function logDocument(chunk: LogChunk, now: number): LogDocument {
  const { lines: count, bytes, dropped } = logChunkSize(chunk);
  return {
    _id: ObjectId.createFromHexString(chunk.id),
    job: chunk.job,
    at: chunk.lines[0]?.at ?? new Date(now),
    lines: chunk.lines.map(storedLine),
    ...{ count, bytes, dropped },
    deleteAt: new Date(now + defaults.keepFailures),
  };
}

/** Never throws: anybody may have written the document. */
export function logChunk({ _id, job, lines, dropped }: LogDocument): LogChunk {
  const list = Array.isArray(lines) ? lines : [];
  return { id: _id.toHexString(), job, lines: list.map(lineOf), dropped: Number(dropped) || 0 };
}

function storedLine({ data, ...line }: JobLogLine): StoredLine {
  return { ...line, ...(data === undefined ? {} : { data: JSON.stringify(data) }) };
}

function lineOf({ at, level, message, data, attempt }: StoredLine): JobLogLine {
  return {
    at: at instanceof Date ? at : new Date(0),
    level: jobLogLevels.includes(level) ? level : "info",
    message: String(message),
    attempt: Number(attempt) || 1,
    ...(typeof data === "string" ? { data: parsed(data) } : {}),
  };
}

function parsed(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}
