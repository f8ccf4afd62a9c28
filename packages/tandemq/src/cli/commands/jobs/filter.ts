import {
  InvalidOptionError,
  isStatus,
  type JobFilter,
  type JsonObject,
  type Status,
  statuses,
  type TimeRange,
} from "@tandemq/core";
import type { Argv } from "yargs";
import type { Arguments } from "../../open-client.js";
import { parseParams } from "../../parse-params.js";
import { list, text, time } from "../../read-flags.js";

const flags = {
  queue: "Of this queue",
  status: "With this status; several by commas, or repeated",
  path: "Of this task",
  tag: "With this tag; several by commas, or repeated: with all of them",
  worker: "Held by this worker, or held last by it",
  params: "Whose params have at least these fields, as JSON",
  parent: "That runs of this job enqueued",
  error: "Whose last error has this text in its message",
  since: "Queued since then: a date, or how long ago, such as 2h",
  until: "Queued until then: a date, or how long ago, such as 2h",
} as const;

export type FilterFlag = keyof typeof flags;

/**
 * Adds the flags that choose jobs.
 * @param but those that mean something else in the command
 */
export function withFilterFlags<T>(yargs: Argv<T>, but: readonly FilterFlag[] = []): Argv<T> {
  for (const [name, describe] of Object.entries(flags)) {
    if (but.includes(name as FilterFlag)) continue;
    yargs.option(name, { type: "string", requiresArg: true, group: "Which jobs:", describe });
  }
  return yargs;
}

/** Whether one of them was given. */
export function isFiltered(argv: Arguments): boolean {
  return Object.keys(flags).some((name) => argv[name] !== undefined);
}

/** @throws InvalidOptionError, InvalidParamsError for the first flag that cannot be meant */
export function filterOf(argv: Arguments): JobFilter {
  const given = {
    queue: text(argv, "queue"),
    path: text(argv, "path"),
    worker: text(argv, "worker"),
    parent: text(argv, "parent"),
    status: list(argv, "status")?.map(statusOf),
    tags: list(argv, "tag"),
    params: argv["params"] === undefined ? undefined : (parseParams(text(argv, "params"), "--params") as JsonObject),
    error: argv["error"] === undefined ? undefined : { text: text(argv, "error") ?? "" },
    queued: rangeOf(argv),
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as JobFilter;
}

function rangeOf(argv: Arguments): TimeRange | undefined {
  const from = time(argv, "since");
  const to = time(argv, "until");
  return from || to ? { ...(from ? { from } : {}), ...(to ? { to } : {}) } : undefined;
}

function statusOf(name: string): Status {
  if (isStatus(name)) return name;
  throw new InvalidOptionError(`--status: ${name} is not a status; there are ${statuses.join(", ")}`);
}
