import type { Mistake } from "@tandemq/core";
import { findTaskFiles } from "@tandemq/worker";
import type { CommandModule } from "yargs";
import type { Config } from "../../config/config.js";
import { explainConfig } from "../../config/explain.js";
import { withConfigFlags } from "../config-flags.js";
import { loadForCommand } from "../open-client.js";
import { clean, paint } from "../output/style.js";
import { tableLines } from "../output/table.js";
import { show, withViewFlags } from "../output/view.js";

export const checkConfigCommand: CommandModule = {
  command: "check-config",
  builder: (yargs) =>
    withViewFlags(withConfigFlags(yargs, ["", "worker"]))
      .option("explain", { type: "boolean", describe: "Show each value and where it comes from" })
      .example("$0 check-config --explain", "what holds here, and why; secrets are not shown")
      .epilogue("Exit codes: 0 the configuration is right, 1 it has mistakes; all are listed."),
  handler: async (argv) => {
    const loaded = await loadForCommand(argv);
    const values = explainConfig(loaded);
    const warnings = [...loaded.warnings, ...(await lacksTasks(loaded.config))];
    for (const { path, message } of warnings) console.error(`warning: ${path ? `${path}: ` : ""}${message}`);
    const file = loaded.file ?? null;
    const said = `${paint("green", "the configuration is right")}: ${file ?? "no file; flags, environment and defaults"}`;
    const rows = values.map(({ option, value, from }) => [option, clean(value), from]);
    const explained = argv["explain"] ? tableLines(["option", "value", "from"], rows) : [];
    await show(argv, async () => ({ json: { file, values }, lines: [said, ...explained] }));
  },
};

/** Programs that only enqueue need no task's code: no mistake, but often a slip, or code that is not compiled. */
async function lacksTasks({ tasks: { patterns, cwd } }: Config): Promise<Mistake[]> {
  if (patterns.length === 0 || (await findTaskFiles(patterns, cwd)).length > 0) return [];
  const message = `no module matches ${patterns.join(", ")} below ${cwd}: a worker would have no tasks`;
  return [{ path: "tasks", message }];
}
