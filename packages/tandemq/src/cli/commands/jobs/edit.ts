import { type ActionOptions, InvalidOptionError, maxPriority, minPriority, statusesOf } from "@tandemq/core";
import type { CommandModule } from "yargs";
import type { Arguments } from "../../open-client.js";
import { parseParams } from "../../parse-params.js";
import { duration, list, moment, text, whole } from "../../read-flags.js";
import { actionFlags, runAction } from "./action.js";

const change = { type: "string", requiresArg: true, group: "What changes:" } as const;

export const editJobs: CommandModule = {
  command: "edit [ids..]",
  describe: "Change params, priority, tags or time of waiting jobs",
  builder: (yargs) =>
    actionFlags(yargs, ["params"])
      .option("params", { ...change, describe: "The new params, whole, as a JSON object" })
      .option("priority", { ...change, describe: "-10 to 10, higher first" })
      .option("tags", { ...change, describe: 'The new tags, all of them: several by commas, or repeated; "" for none' })
      .option("delay", { ...change, describe: 'Due so long from now, such as "5m"; 0s: now' })
      .option("at", { ...change, describe: "Due at this date, such as 2026-01-31T12:00Z" })
      .example("$0 jobs edit 6560c0ffee6560c0ffee6560 --priority 5", "one job, ahead of others")
      .example("$0 jobs edit --queue mail --tag newsletter --delay 2h --yes", "all of them, later"),
  handler: (argv) => {
    const options = changeOf(argv);
    // What it sets must not choose the jobs, too.
    const { params: _, ...which } = argv;
    return runAction(which, { verb: "edit", name: "edit", done: "edited", options, named: statusesOf("edit") });
  },
};

/** @throws InvalidOptionError, InvalidParamsError for a flag that cannot be meant, or when nothing is to change */
function changeOf(argv: Arguments): ActionOptions {
  const params = text(argv, "params");
  const given = {
    params: params === undefined ? undefined : parseParams(params, "--params"),
    priority: whole(argv, "priority", minPriority, maxPriority),
    tags: argv["tags"] === "" ? [] : list(argv, "tags"),
    delay: duration(argv, "delay"),
    at: moment(argv, "at"),
  };
  const options = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  if (Object.keys(options).length > 0) return options;
  throw new InvalidOptionError("jobs edit: say what changes: --params, --priority, --tags, --delay or --at");
}
