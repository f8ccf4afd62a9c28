import type { CommandModule } from "yargs";
import { actionFlags, runAction } from "./action.js";

export const cancelJobs: CommandModule = {
  command: "cancel [ids..]",
  describe: "End waiting jobs with status cancel",
  builder: (yargs) =>
    actionFlags(yargs)
      .example("$0 jobs cancel 6560c0ffee6560c0ffee6560", "one job")
      .example("$0 jobs cancel --status queued --path mail.send --yes", "all that wait, of one task"),
  handler: (argv) => runAction(argv, { verb: "cancel", name: "cancel", done: "cancelled" }),
};
