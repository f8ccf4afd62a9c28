#!/usr/bin/env node
import yargs from "yargs";
import { hideBin } from "yargs/helpers";
import { enqueueCommand } from "./commands/enqueue.js";
import { jobsCommand } from "./commands/jobs.js";
import { queuesCommand } from "./commands/queues.js";
import { runCommand } from "./commands/run.js";
import { workerCommand } from "./commands/worker.js";
import { endOnClosedPipe, exitCodes, reportError } from "./report-error.js";

endOnClosedPipe();
const debug = process.argv.includes("--debug");

await yargs(hideBin(process.argv))
  .scriptName("tandemq")
  .usage("$0 <command>\n\nA task queue on MongoDB and Redis.")
  .option("debug", { type: "boolean", describe: "Show the stack of an error" })
  .command(workerCommand)
  .command(enqueueCommand)
  .command(runCommand)
  .command(jobsCommand)
  .command(queuesCommand)
  .epilogue("The options of the configuration are also read from the environment: --lease from TANDEMQ_LEASE.")
  .demandCommand(1, "give a command")
  .strict()
  .recommendCommands()
  .parserConfiguration({ "parse-numbers": false, "parse-positional-numbers": false, "camel-case-expansion": false })
  .wrap(Math.min(110, process.stdout.columns ?? 110))
  .fail((message, error) => {
    reportError(error ?? usageOf(message), debug);
    process.exit(error ? exitCodes.failed : exitCodes.usage);
  })
  .parseAsync();

/** What is wrong with the command line, and where help is. */
function usageOf(message: string): string {
  const [command = ""] = hideBin(process.argv);
  const near = /^Did you mean (.+)\?$/.exec(message)?.[1];
  if (near !== undefined) return `unknown command "${command}", did you mean "${near}"?`;
  return `${message.charAt(0).toLowerCase()}${message.slice(1)}; see \`tandemq --help\``;
}
