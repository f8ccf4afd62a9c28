import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { InvalidOptionError } from "@tandemq/core";
import type { Choices } from "./choices.js";
import { type Addresses, configFile, enqueueFile, taskFile, tsconfigFile } from "./templates.js";

/** The project's files, by their path in the folder. */
export function filesOf(choices: Choices, addresses: Addresses, prefix: string): ReadonlyMap<string, string> {
  const [source, suffix] = choices.typescript ? ["src/", choices.suffix.replace("js", "ts")] : ["", choices.suffix];
  return new Map([
    [`tandemq.config.${choices.suffix}`, configFile(choices, addresses, prefix)],
    [`${source}tasks/hello.${suffix}`, taskFile(choices)],
    [`${source}enqueue.${suffix}`, enqueueFile(choices)],
  ]);
}

/** Files that are made where there is none, and otherwise left as they are. */
export function supportFilesOf({ typescript }: Choices): ReadonlyMap<string, string> {
  return new Map(typescript ? [["tsconfig.json", tsconfigFile]] : []);
}

/** @throws InvalidOptionError naming the files that are there already */
export function refuseToOverwrite(folder: string, names: Iterable<string>): void {
  const there = [...names].filter((name) => existsSync(join(folder, name)));
  if (there.length === 0) return;
  throw new InvalidOptionError(`nothing was written: ${there.join(", ")} exists; give --force to overwrite`);
}

export async function writeFiles(folder: string, files: ReadonlyMap<string, string>): Promise<void> {
  for (const [name, content] of files) {
    const path = join(folder, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
  }
}
