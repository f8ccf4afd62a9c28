import type { JobLog, Json } from "@tandemq/core";
import type { LogLevel, LogLine } from "./assignment.js";

export interface LogSink {
  log(line: LogLine): void;
}

/** The log of one run: lines as plain data, whatever the task passes. */
export function jobLog(n: number, sink: LogSink): JobLog {
  const write = (level: LogLevel) => (message: string, data?: object) => sink.log(line(n, level, message, data));
  return { debug: write("debug"), info: write("info"), warn: write("warn"), error: write("error") };
}

function line(n: number, level: LogLevel, message: string, data: object | undefined): LogLine {
  return { n, level, message: String(message), ...(data === undefined ? {} : { data: plain(data) }) };
}

/** Data that cannot be written as JSON must not fail the run that logs it. */
function plain(data: object): Json {
  try {
    return JSON.parse(
      JSON.stringify(data instanceof Error ? { err: { message: data.message, stack: data.stack } } : data),
    );
  } catch (error) {
    return { unreadable: error instanceof Error ? error.message : String(error) };
  }
}
