import { setTimeout as pause } from "node:timers/promises";
import type { Argv } from "yargs";
import type { Arguments } from "../open-client.js";
import { seconds } from "../read-flags.js";
import { isTerminal } from "./style.js";

/** What a command shows: data for programs, lines for people. */
export interface View {
  readonly json: unknown;
  readonly lines: readonly string[];
}

/** Adds `--json`, and `--watch` where a view may be shown again and again. */
export function withViewFlags<T>(yargs: Argv<T>, watch: boolean = false): Argv<T> {
  yargs.option("json", { type: "boolean", describe: "Print JSON" });
  if (watch) {
    yargs.option("watch", {
      type: "string",
      describe: "Show it again every so many seconds, until Ctrl+C",
      defaultDescription: "2",
    });
  }
  return yargs;
}

/** Shows a view, or with `--watch` again and again: redrawn on a terminal, one below the other in a pipe. */
export async function show(argv: Arguments, look: () => Promise<View>): Promise<void> {
  const every = argv["watch"] === undefined ? undefined : seconds(argv["watch"], "--watch", 2);
  if (every === undefined) return print(await look(), argv["json"] === true);
  const clear = isTerminal(process.stdout) ? "\x1b[H\x1b[J" : "";
  for (;;) {
    const { json, lines } = await look();
    const text = argv["json"] ? JSON.stringify(json) : fitHeight(lines).join("\n");
    process.stdout.write(`${argv["json"] ? "" : clear}${text}\n`);
    await pause(every * 1000);
  }
}

function print({ json, lines }: View, asJson: boolean): void {
  console.log(asJson ? JSON.stringify(json, null, 2) : lines.join("\n"));
}

/** A redrawn view must not scroll. */
function fitHeight(lines: readonly string[]): readonly string[] {
  const rows = isTerminal(process.stdout) ? process.stdout.rows - 1 : Number.POSITIVE_INFINITY;
  return lines.length <= rows ? lines : [...lines.slice(0, rows - 1), `… ${lines.length - rows + 1} more`];
}
