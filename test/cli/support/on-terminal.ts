import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { stripVTControlCharacters } from "node:util";
import { main, project } from "../../e2e/support/command.js";
import type { Site } from "../../e2e/support/site.js";

const script = fileURLToPath(new URL("terminal.py", import.meta.url));

export interface Screen {
  readonly code: number | null;
  /** All that was written, control sequences included. */
  readonly text: string;
}

/** Runs `tandemq` on a terminal of 100 columns, to its end. Ctrl+C is pressed once it has shown `until`. */
export async function onTerminal(
  site: Site,
  args: readonly string[],
  { typed = "", until, env = {} }: { typed?: string; until?: RegExp; env?: Readonly<Record<string, string>> } = {},
): Promise<Screen> {
  const child = spawn("python3", [script, typed, process.execPath, main, ...args], {
    cwd: project,
    env: { ...process.env, NO_COLOR: "", TERM: "xterm-256color", ...site.env, ...env },
    stdio: ["ignore", "pipe", "inherit"],
  });
  let text = "";
  child.stdout.setEncoding("utf8").on("data", (more: string) => {
    text += more;
    if (!until?.test(stripVTControlCharacters(text))) return;
    until = undefined;
    child.kill("SIGUSR1");
  });
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  return { code, text };
}
