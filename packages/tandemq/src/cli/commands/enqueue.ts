import { fstatSync } from "node:fs";
import type { CommandModule } from "yargs";
import { withConfigFlags } from "../config-flags.js";
import { type Arguments, withProducer } from "../open-client.js";
import { enqueueLines } from "./enqueue/lines.js";
import { enqueueOne } from "./enqueue/one.js";
import { enqueueOptions, withEnqueueFlags } from "./enqueue/options.js";

export const enqueueCommand: CommandModule = {
  command: "enqueue <path> [params]",
  builder: (yargs) =>
    withEnqueueFlags(withConfigFlags(yargs, [""]))
      .positional("path", { type: "string", describe: "Path of the task" })
      .positional("params", { type: "string", describe: "Params as a JSON object" })
      .option("wait", { type: "string", describe: 'Wait for the result, at most so long, such as "30s", and print it' })
      .option("keep-going", { type: "boolean", describe: "Tell lines that are wrong and go on with the others" })
      .option("json", { type: "boolean", describe: "Print the answer as JSON" })
      .example(`$0 enqueue images.resize '{"file":"cat.jpg"}' --queue images`, "one job")
      .example(`$0 enqueue images.resize '{"file":"cat.jpg"}' --wait 30s`, "one job and its result")
      .example("cat params.jsonl | $0 enqueue images.resize", "one job for each line")
      .epilogue("Exit codes: 0 added, 1 refused (the line is told; jobs before it are added), 2 wrong use."),
  handler: async (argv) => {
    const options = enqueueOptions(argv);
    await withProducer(argv, (client) =>
      readsStdin(argv) ? enqueueLines(client, argv, options) : enqueueOne(client, argv, options),
    );
  },
};

/** Something has to be connected on purpose: a terminal, or nothing at all (as under cron), has no lines to give. */
function readsStdin(argv: Arguments): boolean {
  if (argv["params"] !== undefined) return false;
  const input = fstatSync(process.stdin.fd);
  return input.isFIFO() || input.isFile() || input.isSocket();
}
