import type { CommandModule } from "yargs";
import { givenFlags, withConfigFlags } from "../config-flags.js";
import { parseParams } from "../parse-params.js";
import { text } from "../read-flags.js";
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
    const path = String(argv["path"]);
    const file = text(argv, "config");
    const outcome = await runTask(path, parseParams(argv["params"] as string | undefined), {
      flags: givenFlags(argv),
      ...(file === undefined ? {} : { file }),
    });
    if (outcome.status === "success") return printJson(outcome.result ?? null);
    const { error } = outcome;
    console.error(`tandemq: ${path} ended as ${outcome.status}: ${error.name}: ${error.message}`);
    // The stack of the task's own error helps its author; that of "no such task" helps nobody.
    if (error.stack && error.code !== "TASK_NOT_FOUND") console.error(error.stack);
    process.exitCode = exitCodes.failed;
  },
};
