import type { AttemptRecord, Job, JobError } from "@tandemq/core";
import { clean, paint } from "../../output/style.js";

const width = 12;
const indent = " ".repeat(width + 1);

/** Everything about one job, for people: a field on each line, errors with their stacks below. */
export function jobLines({ error, history, ...fields }: Job): string[] {
  return [
    ...Object.entries(fields).flatMap(([name, value]) => (value === undefined ? [] : [field(name, textOf(value))])),
    ...(error ? errorLines("error", error) : []),
    ...history.flatMap(attemptLines),
  ];
}

function field(name: string, text: string): string {
  return `${paint("bold", name.padEnd(width))} ${text}`;
}

function textOf(value: unknown): string {
  if (value instanceof Date) return value.toISOString();
  return typeof value === "string" ? clean(value) : clean(JSON.stringify(value) ?? "");
}

/** What an earlier run came to. */
function attemptLines({ attempt, status, startedAt, finishedAt, worker, error }: AttemptRecord): string[] {
  const when = [startedAt, finishedAt].map((time) => time?.toISOString() ?? "?").join(" – ");
  const told = `${status}, ${when}${worker === undefined ? "" : `, ${clean(worker)}`}`;
  return [field(`attempt ${attempt}`, told), ...(error ? errorLines("", error) : [])];
}

function errorLines(name: string, error: JobError): string[] {
  const code = error.code === undefined ? "" : ` (${clean(error.code)})`;
  const head = `${clean(`${error.name}: ${error.message}`)}${code}`;
  const cause = error.cause ? errorLines("caused by", error.cause) : [];
  return [name === "" ? `${indent}${head}` : field(name, head), ...stackLines(error), ...cause];
}

/** Without its first lines, which repeat name and message. */
function stackLines({ stack = "" }: JobError): string[] {
  const frames = stack.split("\n").filter((line) => /^\s+at /.test(line));
  return frames.map((frame) => paint("dim", `${indent}  ${clean(frame.trim())}`));
}
