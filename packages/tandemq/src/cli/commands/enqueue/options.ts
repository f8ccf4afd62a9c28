import { type EnqueueOptions, InvalidOptionError, type KeyUntil, maxPriority, minPriority } from "@tandemq/core";
import type { Argv } from "yargs";
import type { Arguments } from "../../open-client.js";
import { duration, list, text, whole } from "../../read-flags.js";

/** Adds what may be said of a job. */
export function withEnqueueFlags<T>(yargs: Argv<T>): Argv<T> {
  const shared = { type: "string", requiresArg: true, group: "The job:" } as const;
  return yargs
    .option("queue", { ...shared, describe: "The queue", defaultDescription: "default" })
    .option("delay", { ...shared, describe: 'Not before so long from now, such as "5m"' })
    .option("at", { ...shared, describe: "Not before this date, such as 2026-01-31T12:00Z" })
    .option("key", { ...shared, describe: "Unique key" })
    .option("key-until", {
      ...shared,
      describe: "It is taken until the job's start or finish",
      defaultDescription: "start",
    })
    .option("key-for", {
      ...shared,
      describe: 'It is taken at least so long, such as "10m", whatever becomes of the job',
    })
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
    ...keyOption(argv),
    ...textOption(argv, "timeout"),
    ...(at ? { at } : {}),
    ...(tags ? { tags } : {}),
    ...(priority === undefined ? {} : { priority }),
    ...(attempts === undefined ? {} : { attempts }),
  };
}

/** @throws InvalidOptionError when something is said of a key that is not named */
function keyOption(argv: Arguments): Pick<EnqueueOptions, "key"> {
  const [value, until, time] = [text(argv, "key"), text(argv, "key-until"), duration(argv, "key-for")];
  if (value === undefined) {
    if (until === undefined && time === undefined) return {};
    throw new InvalidOptionError(`--key-${until === undefined ? "for" : "until"}: name the key, too: --key`);
  }
  const lasts = {
    ...(until === undefined ? {} : { until: until as KeyUntil }),
    ...(time === undefined ? {} : { for: time }),
  };
  return { key: { value, ...lasts } };
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
