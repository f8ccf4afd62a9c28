import type { CommandModule } from "yargs";
import { actionFlags, runAction } from "./action.js";

export const retryJobs: CommandModule = {
  command: "retry [ids..]",
  describe: "Put finished jobs back in line, as new lives of the same jobs",
  builder: (yargs) =>
    actionFlags(yargs)
      .example("$0 jobs retry 6560c0ffee6560c0ffee6560", "one job")
      .example("$0 jobs retry --status failed,maxretries --queue images --yes", "all that failed in a queue"),
  handler: (argv) => runAction(argv, { verb: "retry", done: "back in line" }),
};
