import { type EnqueueOptions, InvalidOptionError, maxPriority, minPriority } from "@tandemq/core";
import type { Argv } from "yargs";
import type { Arguments } from "../../open-client.js";
import { list, text, whole } from "../../read-flags.js";

/** Adds what may be said of a job. */
export function withEnqueueFlags<T>(yargs: Argv<T>): Argv<T> {
  const shared = { type: "string", requiresArg: true, group: "The job:" } as const;
  return yargs
    .option("queue", { ...shared, describe: "The queue", defaultDescription: "default" })
    .option("delay", { ...shared, describe: 'Not before so long from now, such as "5m"' })
    .option("at", { ...shared, describe: "Not before this date, such as 2026-01-31T12:00Z" })
    .option("key", { ...shared, describe: "Unique key" })
    .option("priority", { ...shared, describe: "-10 to 10, higher first" })
    .option("attempts", { ...shared, describe: "Runs that the task may end" })
    .option("timeout", { ...shared, describe: "A run may take so long" })
    .option("tag", { ...shared, describe: "A tag; several by commas, or repeated" });
}

/** @throws InvalidOptionError for a number or a date that is none; the client checks the rest */
export function enqueueOptions(argv: Arguments): EnqueueOptions {
  const at = dateOf(argv);
  const tags = list(argv, "tag");
  const priority = whole(argv, "priority", minPriority, maxPriority);
  const attempts = whole(argv, "attempts", 1, 1000);
  return {
    ...textOption(argv, "queue"),
    ...textOption(argv, "delay"),
    ...textOption(argv, "key"),
    ...textOption(argv, "timeout"),
    ...(at ? { at } : {}),
    ...(tags ? { tags } : {}),
    ...(priority === undefined ? {} : { priority }),
    ...(attempts === undefined ? {} : { attempts }),
  };
}

function textOption<K extends string>(argv: Arguments, name: K): { [key in K]?: string } {
  const given = text(argv, name);
  return (given === undefined ? {} : { [name]: given }) as { [key in K]?: string };
}

function dateOf(argv: Arguments): Date | undefined {
  const given = text(argv, "at");
  if (given === undefined) return undefined;
  const date = new Date(given);
  if (Number.isNaN(date.getTime())) {
    throw new InvalidOptionError(`--at: expected a date such as 2026-01-31T12:00Z, got ${JSON.stringify(given)}`);
  }
  return date;
}
