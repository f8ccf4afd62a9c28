import type { CommandModule } from "yargs";
import { givenFlags, withConfigFlags } from "../config-flags.js";
import { parseParams } from "../parse-params.js";
import { printJson } from "../print.js";
import { exitCodes } from "../report-error.js";

export const runCommand: CommandModule = {
  command: "run <path> [params]",
  describe: "Run a task here and now, without a store, and print its result as JSON",
  builder: (yargs) =>
    withConfigFlags(yargs, [""])
      .positional("path", { type: "string", describe: "Path of the task" })
      .positional("params", { type: "string", describe: "Params as a JSON object" })
      .example(`$0 run images.resize '{"file":"cat.jpg"}'`, "one run, no queue")
      .epilogue("Exit codes: 0 success, 1 the task failed or could not be found."),
  handler: async (argv) => {
    const { runTask } = await import("../../run-task.js");
    const params = parseParams(argv["params"] as string | undefined);
    const outcome = await runTask(String(argv["path"]), params, {
      flags: givenFlags(argv),
      ...(typeof argv["config"] === "string" ? { file: argv["config"] } : {}),
    });
    if (outcome.status === "success") return printJson(outcome.result ?? null);
    const { error } = outcome;
    console.error(`tandemq: ${argv["path"]} ended as ${outcome.status}: ${error.name}: ${error.message}`);
    if (error.stack) console.error(error.stack);
    process.exitCode = exitCodes.failed;
  },
};
