import { finalStatuses } from "@tandemq/core";
import type { CommandModule } from "yargs";
import { text } from "../../read-flags.js";
import { actionFlags, runAction } from "./action.js";

export const retryJobs: CommandModule = {
  command: "retry [ids..]",
  describe: "Put finished jobs back in line, as new lives of the same jobs; by default those that went wrong",
  builder: (yargs) =>
    actionFlags(yargs)
      .option("to", { type: "string", requiresArg: true, describe: "Another queue that they go to" })
      .example("$0 jobs retry 6560c0ffee6560c0ffee6560", "one job")
      .example("$0 jobs retry --status failed,maxretries --queue images --yes", "all that failed in a queue")
      .example("$0 jobs retry --status failed --rate 100/1s --yes", "no faster than the tasks' world can take it"),
  handler: (argv) => {
    const to = text(argv, "to");
    const options = to === undefined ? {} : { to };
    return runAction(argv, { verb: "requeue", name: "retry", done: "back in line", options, named: finalStatuses });
  },
};
