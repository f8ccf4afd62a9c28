import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Site } from "../e2e/support/site.js";
import { pymongo } from "../e2e/support/python.js";
import { run } from "../support/run.js";

const root = fileURLToPath(new URL("../../", import.meta.url));
const runners: Readonly<Record<string, string>> = {
  "run.js": process.execPath,
  "run.mjs": process.execPath,
  "run.cjs": process.execPath,
  "run.py": "python3",
};

export interface Example {
  readonly name: string;
  readonly folder: string;
  /** The program that shows it: `run.js`, `run.mjs`, `run.cjs` or `run.py`. */
  readonly program: string;
  /** What that program prints. */
  readonly expected: string;
}

/** Every folder below examples/ that has a program to run. */
export function readExamples(): Example[] {
  const folders = readdirSync(`${root}examples`, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return folders.flatMap(({ name }) => {
    const folder = join(root, "examples", name);
    const program = Object.keys(runners).find((file) => existsSync(join(folder, file)));
    if (program === undefined) return [];
    return [{ name, folder, program, expected: readFileSync(join(folder, "expected.txt"), "utf8") }];
  });
}

/** Starts a worker in the example's folder, on stores of its own, runs the program beside it and gives what it printed. */
export async function runExample({ folder, program }: Example): Promise<string> {
  await compile(folder);
  await using site = new Site(folder);
  await site.worker("--processes", "1");
  const env = program.endsWith(".py") ? { ...site.env, PYTHONPATH: await pymongo() } : site.env;
  return await run(runners[program] ?? program, [program], folder, env);
}

async function compile(folder: string): Promise<void> {
  if (!existsSync(join(folder, "tsconfig.json"))) return;
  await run(process.execPath, [`${root}node_modules/typescript/bin/tsc`, "-p", "."], folder);
}
