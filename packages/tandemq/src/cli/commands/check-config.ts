import type { CommandModule } from "yargs";
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
    for (const { path, message } of loaded.warnings) console.error(`warning: ${path ? `${path}: ` : ""}${message}`);
    const file = loaded.file ?? null;
    const said = `${paint("green", "the configuration is right")}: ${file ?? "no file; flags, environment and defaults"}`;
    const rows = values.map(({ option, value, from }) => [option, clean(value), from]);
    const explained = argv["explain"] ? tableLines(["option", "value", "from"], rows) : [];
    await show(argv, async () => ({ json: { file, values }, lines: [said, ...explained] }));
  },
};
