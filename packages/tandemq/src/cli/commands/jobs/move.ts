import { statusesOf } from "@tandemq/core";
import type { CommandModule } from "yargs";
import { actionFlags, runAction } from "./action.js";

export const moveJobs: CommandModule = {
  command: "move [ids..]",
  describe: "Move waiting jobs to another queue, of any mode",
  builder: (yargs) =>
    actionFlags(yargs)
      .option("to", { type: "string", requiresArg: true, demandOption: true, describe: "The queue that they go to" })
      .example("$0 jobs move --queue mail --to mail-slow --yes", "all that wait"),
  handler: (argv) => {
    const options = { to: String(argv["to"]) };
    return runAction(argv, { verb: "move", name: "move", done: "moved", options, named: statusesOf("move") });
  },
};
