import { spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Site } from "../e2e/support/site.js";
import { pymongo } from "../e2e/support/python.js";

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
  await run(process.execPath, [`${root}node_modules/typescript/bin/tsc`, "-p", "."], folder, {});
}

/** Runs a program to its end. Rejects with all it wrote when it fails. */
function run(command: string, args: readonly string[], cwd: string, env: Readonly<Record<string, string>>) {
  const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"] });
  let [output, errors] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => (output += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (errors += text));
  return new Promise<string>((resolve, reject) => {
    child.once("error", reject).once("close", (code) => {
      if (code === 0) resolve(output);
      else reject(new Error(`${command} ${args.join(" ")} ended with code ${String(code)}:\n${output}${errors}`));
    });
  });
}
