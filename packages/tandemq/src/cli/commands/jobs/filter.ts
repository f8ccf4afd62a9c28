import { InvalidOptionError, isStatus, type JobFilter, type Status, statuses } from "@tandemq/core";
import type { Argv } from "yargs";
import type { Arguments } from "../../open-client.js";
import { list, text } from "../../read-flags.js";

/** Adds the flags that choose jobs. */
export function withFilterFlags<T>(yargs: Argv<T>): Argv<T> {
  const shared = { type: "string", requiresArg: true, group: "Which jobs:" } as const;
  return yargs
    .option("queue", { ...shared, describe: "Of this queue" })
    .option("status", { ...shared, describe: "With this status; several by commas, or repeated" })
    .option("path", { ...shared, describe: "Of this task" });
}

/** Whether one of them was given. */
export function isFiltered(argv: Arguments): boolean {
  return ["queue", "status", "path"].some((name) => argv[name] !== undefined);
}

/** @throws InvalidOptionError for the first flag that cannot be meant */
export function filterOf(argv: Arguments): JobFilter {
  const queue = text(argv, "queue");
  const path = text(argv, "path");
  const status = list(argv, "status")?.map(statusOf);
  return {
    ...(queue === undefined ? {} : { queue }),
    ...(path === undefined ? {} : { path }),
    ...(status === undefined ? {} : { status }),
  };
}

function statusOf(name: string): Status {
  if (isStatus(name)) return name;
  throw new InvalidOptionError(`--status: ${name} is not a status; there are ${statuses.join(", ")}`);
}
