import { statusesOf } from "@tandemq/core";
import type { CommandModule } from "yargs";
import { actionFlags, runAction } from "./action.js";

export const removeJobs: CommandModule = {
  command: "remove [ids..]",
  describe: "Delete jobs that are not running, with all that is known of them",
  builder: (yargs) =>
    actionFlags(yargs)
      .example("$0 jobs remove 6560c0ffee6560c0ffee6560 --yes", "one job")
      .example("$0 jobs remove --status cancel --until 30d --yes", "all that were cancelled and are older"),
  handler: (argv) => {
    const named = statusesOf("remove");
    return runAction(argv, { verb: "remove", name: "remove", done: "removed", dangerous: true, named });
  },
};
