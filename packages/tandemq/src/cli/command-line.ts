import yargs from "yargs";
import { hideBin } from "yargs/helpers";
import { commands } from "./commands/index.js";
import { endOnClosedPipe, exitCodes, reportError } from "./report-error.js";
import { usageOf } from "./usage.js";
import { version } from "./version.js";

const words = hideBin(process.argv);
const debug = words.includes("--debug");
endOnClosedPipe();
// What escapes a worker is a defect and keeps its stack; elsewhere one line tells it.
if (words[0] !== "worker") process.on("uncaughtException", (error) => fail(error, exitCodes.failed));

const line = yargs(words, workingFolder())
  .scriptName("tandemq")
  .version(version)
  .usage("$0 <command>\n\nA task queue on MongoDB and Redis.")
  .option("debug", { type: "boolean", describe: "Show the stack of an error" })
  .epilogue(
    "The options of the configuration are also read from the environment: --lease from TANDEMQ_LEASE.\n" +
      "Exit codes: 0 done, 1 refused or failed, 2 the command line is wrong; more in the help of each command.",
  )
  .demandCommand(1, "give a command")
  .strict()
  .recommendCommands()
  .parserConfiguration({ "parse-numbers": false, "parse-positional-numbers": false, "camel-case-expansion": false })
  .wrap(Math.min(110, process.stdout.columns || 110))
  .fail((message, error) => {
    // yargs tells some mistakes in the line as errors of its own.
    if (!error || error.name === "YError")
      fail(usageOf(error?.message ?? message, words, flagsOf(line)), exitCodes.usage);
    fail(error, exitCodes.failed);
  });

// A module is loaded only for a command that the line names: the others need but be listed.
for (const { name, describe, load } of commands) {
  line.command(words.includes(name) ? { ...(await load()), describe } : { command: name, describe, handler: () => {} });
}
await line.parseAsync();

function fail(error: unknown, code: number): never {
  reportError(error, debug);
  process.exit(code);
}

/** The working directory may be gone. */
function workingFolder(): string {
  try {
    return process.cwd();
  } catch {
    return fail("the working directory does not exist any more: change into another one", exitCodes.failed);
  }
}

/** The flags that the command knows; the types of yargs leave this out. */
function flagsOf(parser: unknown): string[] {
  const { key } = (parser as { getOptions(): { key: Readonly<Record<string, unknown>> } }).getOptions();
  return Object.keys(key);
}
