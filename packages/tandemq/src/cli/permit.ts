import { createInterface } from "node:readline/promises";
import { InvalidOptionError } from "@tandemq/core";
import type { Argv } from "yargs";
import type { Arguments } from "./open-client.js";

/** Adds `--yes`. */
export function withYes<T>(yargs: Argv<T>): Argv<T> {
  yargs.option("yes", { alias: "y", type: "boolean", describe: "Do it without asking" });
  return yargs;
}

/**
 * Asks before something dangerous, on a terminal; elsewhere `--yes` must be given.
 *
 * @throws InvalidOptionError when it is not permitted; nothing was done
 */
export async function permit(argv: Arguments, question: string): Promise<void> {
  if (argv["yes"] === true) return;
  if (!mayAsk()) {
    throw new InvalidOptionError("nothing was done; without a terminal to ask on, give --yes");
  }
  if (!(await confirm(question))) throw new InvalidOptionError("nothing was done");
}

/** Whether there is a terminal to ask on. */
export function mayAsk(): boolean {
  return process.stdin.isTTY && process.stderr.isTTY;
}

/** Asks on the terminal; whatever is not yes is no. */
export async function confirm(question: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const closed = new Promise<string>((resolve) => terminal.once("close", () => resolve("")));
  try {
    return /^y(es)?$/i.test(await Promise.race([terminal.question(`${question} [y/N] `), closed]));
  } finally {
    terminal.close();
  }
}
