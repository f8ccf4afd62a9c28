import { type Client, JobNotFoundError } from "@tandemq/core";
import type { CommandModule } from "yargs";
import { type Arguments, withClient } from "../../open-client.js";
import { show, type View, withViewFlags } from "../../output/view.js";
import { text } from "../../read-flags.js";
import { assertJobId } from "./job-id.js";
import { jobLines } from "./job-lines.js";

export const showJob: CommandModule = {
  command: "show <id>",
  describe: "Everything about one job",
  builder: (yargs) =>
    withViewFlags(yargs, true)
      .positional("id", { type: "string", describe: "The job" })
      .option("queue", { type: "string", requiresArg: true, describe: "Its queue: makes the look-up cheaper" })
      .example("$0 jobs show 6560c0ffee6560c0ffee6560", ""),
  handler: async (argv) => {
    assertJobId(argv["id"]);
    await withClient(argv, (client) => show(argv, () => lookAtJob(client, argv)));
  },
};

/** @throws JobNotFoundError */
export async function lookAtJob(client: Client, argv: Arguments): Promise<View> {
  const id = String(argv["id"]);
  const job = await client.job(id, text(argv, "queue"));
  if (!job) throw new JobNotFoundError(id);
  return { json: job, lines: jobLines(job) };
}
