import { ConfigError, redactText } from "@tandemq/core";

/** Exit codes of every command but `worker`, which adds its own. */
export const exitCodes = { ok: 0, failed: 1, usage: 2, closedPipe: 141 } as const;

/** Tells what went wrong: one line per mistake, no stack unless it is asked for. */
export function reportError(error: unknown, debug: boolean): void {
  for (const line of linesOf(error)) console.error(`tandemq: ${redactText(line).replace(/\s*[\r\n]+\s*/g, " ")}`);
  if (debug && error instanceof Error) console.error(redactText(error.stack ?? ""));
}

function linesOf(error: unknown): string[] {
  if (error instanceof ConfigError) {
    const file = error.source === "configuration" ? "" : `${error.source}: `;
    return error.mistakes.map(({ path, message }) => (path ? `${path}: ${message}` : file + message));
  }
  return [error instanceof Error ? error.message : String(error)];
}

/** A reader that went away (`| head`) ends the command quietly, with the code of a program that SIGPIPE ended. */
export function endOnClosedPipe(): void {
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(exitCodes.closedPipe);
    throw error;
  });
}
