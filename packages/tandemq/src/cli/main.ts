#!/usr/bin/env node
import { didYouMean } from "@tandemq/core";
import yargs from "yargs";
import { hideBin } from "yargs/helpers";
import { commands } from "./commands/index.js";
import { endOnClosedPipe, exitCodes, reportError } from "./report-error.js";
import { version } from "./version.js";

endOnClosedPipe();
const words = hideBin(process.argv);
const debug = words.includes("--debug");

const line = yargs(words)
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
    reportError(error ?? usageOf(message), debug);
    process.exit(error ? exitCodes.failed : exitCodes.usage);
  });

// A module is loaded only for a command that the line names: the others need but be listed.
for (const { name, describe, load } of commands) {
  line.command(words.includes(name) ? { ...(await load()), describe } : { command: name, describe, handler: () => {} });
}
await line.parseAsync();

/** What is wrong with the command line, and where help is. */
function usageOf(message: string): string {
  const [command = ""] = words;
  const near = /^Did you mean (.+)\?$/.exec(message)?.[1];
  if (near !== undefined) return `unknown command "${command}", did you mean "${near}"?`;
  const unknown = /^Unknown arguments?: ([^,]+)/.exec(message)?.[1];
  const actions = commands.find(({ name }) => name === command)?.actions;
  const meant = unknown !== undefined && unknown === words[1] && actions ? didYouMean(unknown, actions) : undefined;
  if (meant !== undefined) return `unknown action "${unknown}", did you mean "${meant}"?`;
  return `${message.charAt(0).toLowerCase()}${message.slice(1)}; see \`tandemq --help\``;
}
