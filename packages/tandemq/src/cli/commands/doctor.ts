import { ConfigError } from "@tandemq/core";
import type { CommandModule } from "yargs";
import { openContext } from "../../doctor/context.js";
import { type Diagnosis, examine, worst } from "../../doctor/examine.js";
import type { Severity } from "../../doctor/finding.js";
import { withConfigFlags } from "../config-flags.js";
import { type Arguments, loadForCommand } from "../open-client.js";
import { confirm, mayAsk, withYes } from "../permit.js";
import { paint } from "../output/style.js";
import { clean, printJson } from "../print.js";

const codes: Readonly<Record<Severity, number>> = { ok: 0, warning: 1, error: 2 };
const marks: Readonly<Record<Severity, string>> = { ok: "ok", warning: "warning", error: "ERROR" };
const colours = { ok: "green", warning: "yellow", error: "red" } as const;

export const doctorCommand: CommandModule = {
  command: "doctor",
  builder: (yargs) =>
    withYes(withConfigFlags(yargs, [""]))
      .option("fix", { type: "boolean", describe: "Mend what is safe to mend" })
      .option("json", { type: "boolean", describe: "Print JSON" })
      .example("$0 doctor", "look at everything")
      .example("$0 doctor --fix --yes", "create missing indexes, put lost jobs back in line, free dead keys")
      .epilogue("Exit codes: 0 all is well, 1 there are warnings, 2 there are errors (or wrong use)."),
  handler: async (argv) => {
    const found = await diagnose(argv);
    if (argv["json"]) printJson(found.map(({ mend, ...one }) => ({ ...one, ...(mend ? { fix: mend.what } : {}) })));
    else print(found);
    process.exitCode = codes[worst(found)];
  },
};

async function diagnose(argv: Arguments): Promise<Diagnosis[]> {
  const loaded = await load(argv);
  if (Array.isArray(loaded)) return loaded;
  const context = await openContext(loaded.config);
  try {
    const found = await examine(context);
    const mended = argv["fix"] === true && (await mendAll(found, argv["yes"] === true));
    if (!mended) return [...loaded.warnings, ...found];
  } finally {
    await context.close();
  }
  const after = await openContext(loaded.config);
  try {
    return [...loaded.warnings, ...(await examine(after))];
  } finally {
    await after.close();
  }
}

/** The configuration; when it is wrong, what is wrong with it. */
async function load(argv: Arguments) {
  try {
    const { config, warnings } = await loadForCommand(argv);
    const found = warnings.map(({ path, message }) => mistake("warning", path, message));
    return { config, warnings: found };
  } catch (thrown) {
    if (!(thrown instanceof ConfigError)) throw thrown;
    return thrown.mistakes.map(({ path, message }) => mistake("error", path, message));
  }
}

function mistake(severity: Severity, path: string, message: string): Diagnosis {
  return { check: "configuration", severity, what: path ? `${path}: ${message}` : message };
}

/** @returns whether anything was mended */
async function mendAll(found: readonly Diagnosis[], yes: boolean): Promise<boolean> {
  let done = false;
  for (const { check, what, mend } of found) {
    if (!mend) continue;
    console.error(`${check}: ${clean(what)}`);
    if (!yes && !(mayAsk() && (await confirm(`${capital(mend.what)}?`)))) {
      console.error("  left as it is; give --yes to mend without being asked");
      continue;
    }
    console.error(`  ${await mend.run()}`);
    done = true;
  }
  return done;
}

function print(found: readonly Diagnosis[]): void {
  const width = Math.max(...found.map(({ check }) => check.length));
  for (const { check, severity, what, means, todo } of found) {
    const mark = paint(colours[severity], marks[severity].padEnd(7));
    console.log(`${mark}  ${check.padEnd(width)}  ${clean(what)}`);
    for (const line of [means, todo]) if (line !== undefined) console.log(`${" ".repeat(width + 11)}${clean(line)}`);
  }
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
