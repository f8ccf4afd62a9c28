import { execFile } from "node:child_process";
import { promisify } from "node:util";

const execFileAsync = promisify(execFile);

interface Failure {
  readonly code?: string | number | null;
  readonly killed?: boolean;
  readonly stderr?: string;
}

function reasonOf(command: string, failure: Failure): string {
  if (failure.code === "ENOENT") return `no ${command}`;
  if (failure.killed) return `${command} took too long`;
  const last = failure.stderr?.trim().split("\n").at(-1);
  return last ? `${command}: ${last.slice(0, 200)}` : `${command} failed with ${failure.code ?? "a signal"}`;
}

/** Runs a command to its end and gives its standard output. Rejects with a short reason; `limitMs` ends it. */
export async function run(
  command: string,
  args: readonly string[],
  limitMs: number,
  env: NodeJS.ProcessEnv,
): Promise<string> {
  try {
    const { stdout } = await execFileAsync(command, args, { timeout: limitMs, env, maxBuffer: 1 << 24 });
    return stdout;
  } catch (error) {
    throw new Error(reasonOf(command, error as Failure), { cause: error });
  }
}
