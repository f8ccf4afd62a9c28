import type { Argv } from "yargs";
import { type Flags, settings } from "../config/layers.js";
import { list, text } from "./read-flags.js";

/** Adds the flags of every option of the configuration whose path begins with one of `sections` (`""`: the top level). */
export function withConfigFlags<T>(yargs: Argv<T>, sections: readonly string[]): Argv<T> {
  const shared = { type: "string", requiresArg: true, group: "Configuration:" } as const;
  const file = "Configuration file; else tandemq.config.{js,mjs,cjs,json} here or in a folder above";
  yargs.option("config", { ...shared, describe: file });
  for (const { path, flag, field } of settings) {
    if (!sections.includes(path.includes(".") ? (path.split(".")[0] ?? "") : "")) continue;
    const shown = field.shownDefault === undefined ? {} : { defaultDescription: field.shownDefault };
    yargs.option(flag, { ...shared, ...shown, describe: field.doc });
  }
  return yargs;
}

/** The configuration's flags that were given on the command line, as text. */
export function givenFlags(argv: Readonly<Record<string, unknown>>): Flags {
  const given: Record<string, string> = {};
  for (const { flag, field } of settings) {
    const value = field.shape === "list" ? list(argv, flag)?.join(",") : text(argv, flag);
    if (value !== undefined) given[flag] = value;
  }
  return given;
}
