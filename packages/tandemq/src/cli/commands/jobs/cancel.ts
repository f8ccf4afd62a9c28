import { liveStatuses } from "@tandemq/core";
import type { CommandModule } from "yargs";
import { actionFlags, runAction } from "./action.js";

export const cancelJobs: CommandModule = {
  command: "cancel [ids..]",
  describe: "End jobs with status cancel: those that wait; running ones if they are named, or --status says started",
  builder: (yargs) =>
    actionFlags(yargs)
      .option("children", { type: "boolean", describe: "With the jobs that they enqueued, and theirs" })
      .example("$0 jobs cancel 6560c0ffee6560c0ffee6560", "one job, also while it runs")
      .example("$0 jobs cancel 6560c0ffee6560c0ffee6560 --children", "and all that its runs enqueued")
      .example("$0 jobs cancel --status queued --path mail.send --yes", "all that wait, of one task"),
  handler: (argv) => {
    const options = argv["children"] ? { children: true } : {};
    return runAction(argv, { verb: "cancel", name: "cancel", done: "cancelled", named: liveStatuses, options });
  },
};
