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
  .demandCommand(1, "tandemq: give a command; `tandemq --help` lists them")
  .strict()
  .recommendCommands()
  .parserConfiguration({ "parse-numbers": false, "parse-positional-numbers": false, "camel-case-expansion": false })
  .wrap(Math.min(110, process.stdout.columns ?? 110))
  .fail((message, error) => {
    reportError(error ?? message, debug);
    process.exit(error ? exitCodes.failed : exitCodes.usage);
  })
  .parseAsync();
