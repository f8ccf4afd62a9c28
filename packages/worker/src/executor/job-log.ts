import type { JobLog, Json, JobLogLevel } from "@tandemq/core";
import type { Assignment, LogLine } from "./assignment.js";
import type { Execution } from "./execution.js";

export interface LogSink {
  log(line: LogLine, job: Assignment): void;
}

/** Longest message, and longest data as JSON, in characters. */
const longest = 10_000;

/** The log of one run: lines as plain data, whatever the task passes. What is said after the run is dropped. */
export function jobLog(execution: Execution, sink: LogSink): JobLog {
  const { job } = execution;
  const write = (level: JobLogLevel) => (message: string, data?: object) => {
    if (!execution.over) sink.log(line(job.n, level, message, data), job);
  };
  return { debug: write("debug"), info: write("info"), warn: write("warn"), error: write("error") };
}

function line(n: number, level: JobLogLevel, message: string, data: object | undefined): LogLine {
  return {
    ...{ n, at: Date.now(), level, message: cut(text(message)) },
    ...(data === undefined ? {} : { data: plain(data) }),
  };
}

function text(message: unknown): string {
  try {
    return String(message);
  } catch {
    return "a message that cannot be made text";
  }
}

/** Data that cannot be written as JSON, or that is too long, must not fail the run that logs it. */
function plain(data: object): Json {
  try {
    const written = JSON.stringify(
      data instanceof Error ? { err: { message: data.message, stack: data.stack } } : data,
      wellFormed,
    );
    return written.length > longest ? { cut: cut(written) } : JSON.parse(written);
  } catch (error) {
    return { unreadable: error instanceof Error ? error.message : String(error) };
  }
}

/** Text that every store and terminal takes: a lone half of a character is replaced. */
function cut(written: string): string {
  const short =
    written.length > longest ? `${written.slice(0, longest)} …(${written.length - longest} more characters)` : written;
  return short.toWellFormed();
}

function wellFormed(_key: string, value: unknown): unknown {
  return typeof value === "string" ? value.toWellFormed() : value;
}
