import type { CommandModule } from "yargs";
import { withConfigFlags } from "../config-flags.js";
import { withClient } from "../open-client.js";
import { clean, printJson } from "../print.js";
import { assertJobId } from "./jobs/job-id.js";

/** `tandemq jobs why ID`. */
export const whyCommand: CommandModule = {
  command: "why <id>",
  describe: "Say why a job does not run",
  builder: (yargs) =>
    withConfigFlags(yargs, [""])
      .positional("id", { type: "string", describe: "The job" })
      .option("queue", { type: "string", describe: "Its queue: makes the look-up cheaper" })
      .option("json", { type: "boolean", describe: "Print JSON" })
      .example("$0 jobs why 6560c0ffee6560c0ffee6560", "paused, not due, no worker, unknown task, limited, running …")
      .epilogue("Exit codes: 0 answered, 1 no such job or no store, 2 wrong use."),
  handler: async (argv) => {
    assertJobId(argv["id"]);
    const queue = argv["queue"] as string | undefined;
    const answer = await withClient(argv, (client) => client.why(String(argv["id"]), queue));
    if (argv["json"]) return printJson(answer);
    for (const { reason, sentence } of answer.reasons) console.log(`${reason}: ${clean(sentence)}`);
  },
};
