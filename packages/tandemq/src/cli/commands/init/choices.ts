import { existsSync } from "node:fs";
import { join } from "node:path";
import { InvalidOptionError, type QueueMode } from "@tandemq/core";
import type { Arguments } from "../../open-client.js";
import { text } from "../../read-flags.js";
import { isBare, type PackageJson } from "./package-json.js";
import { Questions } from "./questions.js";

/** What kind of project is to be made. */
export interface Choices {
  readonly typescript: boolean;
  readonly esm: boolean;
  /** Of files that Node runs: `js`, unless package.json makes something else of that. */
  readonly suffix: "js" | "mjs" | "cjs";
  readonly mode: QueueMode;
}

export const modes: readonly [QueueMode, ...QueueMode[]] = ["regular", "raw", "no-storage"];

/** As the flags say, else as the folder looks; what is open then is asked on a terminal, and usual elsewhere. */
export async function choose(argv: Arguments, folder: string, found: PackageJson | undefined): Promise<Choices> {
  const typescript = eitherOf(argv, "ts", "js") ?? (looksTyped(folder, found) || undefined);
  const esm = eitherOf(argv, "esm", "cjs") ?? (isBare(found) || found?.type === "module");
  const mode = text(argv, "mode") as QueueMode | undefined;
  return { ...{ esm, suffix: suffixOf(esm, found) }, ...(await complete({ typescript, mode }, argv["yes"] === true)) };
}

type Asked = Pick<Choices, "typescript" | "mode">;

async function complete(
  { typescript, mode }: { [K in keyof Asked]: Asked[K] | undefined },
  yes: boolean,
): Promise<Asked> {
  if (yes || !process.stdin.isTTY || !process.stderr.isTTY) {
    return { typescript: typescript ?? false, mode: mode ?? modes[0] };
  }
  using questions = new Questions();
  return {
    typescript: typescript ?? (await questions.ask("JavaScript or TypeScript", ["js", "ts"])) === "ts",
    mode: mode ?? (await questions.ask("Mode of the queue", modes)),
  };
}

function suffixOf(esm: boolean, found: PackageJson | undefined): Choices["suffix"] {
  if (isBare(found) || esm === (found?.type === "module")) return "js";
  return esm ? "mjs" : "cjs";
}

function eitherOf(argv: Arguments, yes: string, no: string): boolean | undefined {
  if (argv[yes] === true && argv[no] === true) throw new InvalidOptionError(`give --${yes} or --${no}, not both`);
  if (argv[yes] === true) return true;
  return argv[no] === true ? false : undefined;
}

function looksTyped(folder: string, found: PackageJson | undefined): boolean {
  return existsSync(join(folder, "tsconfig.json")) || found?.devDependencies?.["typescript"] !== undefined;
}
