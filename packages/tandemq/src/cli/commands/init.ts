import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import type { CommandModule } from "yargs";
import { backgroundServices } from "../../services/background/start.js";
import type { Arguments } from "../open-client.js";
import { printJson } from "../print.js";
import { type Choices, choose, modes } from "./init/choices.js";
import { filesOf, refuseToOverwrite, supportFilesOf, writeFiles } from "./init/files.js";
import { completePackageJson, needsInstall, prefixOf, readPackageJson } from "./init/package-json.js";
import type { Addresses } from "./init/templates.js";

export const initCommand: CommandModule = {
  command: "init [folder]",
  builder: (yargs) =>
    yargs
      .positional("folder", { type: "string", default: ".", describe: "Where; made if it does not exist" })
      .option("ts", { type: "boolean", describe: "TypeScript; default where there is a tsconfig.json" })
      .option("js", { type: "boolean", describe: "JavaScript" })
      .option("esm", { type: "boolean", describe: "ES modules; default unless package.json says otherwise" })
      .option("cjs", { type: "boolean", describe: "CommonJS" })
      .option("mode", { type: "string", choices: modes, describe: "Mode of the queue", defaultDescription: "regular" })
      .option("force", { type: "boolean", describe: "Overwrite files that are there" })
      .option("yes", { alias: "y", type: "boolean", describe: "Ask nothing" })
      .option("json", { type: "boolean", describe: "Print JSON" })
      .example("$0 init", "a configuration, one task, and a program that enqueues it")
      .example("$0 init jobs --ts --mode raw", "the same in TypeScript, in the folder jobs"),
  handler: async (argv) => init(argv),
};

async function init(argv: Arguments): Promise<void> {
  const folder = resolve(String(argv["folder"]));
  const packageFile = join(folder, "package.json");
  const found = readPackageJson(packageFile);
  const choices = await choose(argv, folder, found);
  const files = filesOf(choices, await addresses(), prefixOf(folder));
  if (argv["force"] !== true) refuseToOverwrite(folder, files.keys());
  const support = [...supportFilesOf(choices)].filter(([name]) => !existsSync(join(folder, name)));
  const completed = completePackageJson(found, folder, choices);
  const all = new Map([...files, ...support, ["package.json", `${JSON.stringify(completed, null, 2)}\n`]]);
  await writeFiles(folder, all);
  const next = nextCommands(folder, choices, needsInstall(found, completed));
  if (argv["json"] === true) return printJson({ folder, ...choices, files: [...all.keys()], next });
  console.log(`${[...all.keys()].join("\n")}\n\nNext:\n\n${next.map((line) => `  ${line}`).join("\n")}`);
}

/** Those of the services in the background, where they run, else the usual ones. */
async function addresses(): Promise<Addresses> {
  const running = await backgroundServices();
  if (running) return { mongo: running.mongoUrl, redis: running.redisUrl };
  return { mongo: "mongodb://127.0.0.1:27017/tandemq", redis: "redis://127.0.0.1:6379" };
}

function nextCommands(folder: string, { typescript, mode }: Choices, install: boolean): string[] {
  const then = mode === "no-storage" ? "adds a job and shows its id" : "adds a job and shows its result";
  return [
    ...(folder === process.cwd() ? [] : [`cd ${folder}`]),
    ...(install ? ["npm install"] : []),
    ...(typescript ? ["npm run build"] : []),
    "npx tandemq services start    # unless MongoDB and Redis run already",
    "npm run worker                # runs jobs, until Ctrl+C",
    `npm run enqueue               # in a second terminal: ${then}`,
  ];
}
