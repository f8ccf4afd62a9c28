import type { Argv } from "yargs";
import { type Flags, settings } from "../config/layers.js";

/** Adds the flags of every option of the configuration whose path begins with one of `sections` (`""`: the top level). */
export function withConfigFlags<T>(yargs: Argv<T>, sections: readonly string[]): Argv<T> {
  yargs.option("config", { type: "string", describe: "Configuration file", group: "Configuration:" });
  for (const { path, flag, field } of settings) {
    if (!sections.includes(path.includes(".") ? (path.split(".")[0] ?? "") : "")) continue;
    yargs.option(flag, { type: "string", describe: field.doc, group: "Configuration:" });
  }
  return yargs;
}

/** The configuration's flags that were given on the command line, as text. */
export function givenFlags(argv: Readonly<Record<string, unknown>>): Flags {
  const given: Record<string, string> = {};
  for (const { flag } of settings) {
    const value = argv[flag];
    if (typeof value === "string") given[flag] = value;
  }
  return given;
}
