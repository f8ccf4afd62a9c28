import { fstatSync } from "node:fs";
import { createInterface } from "node:readline";
import type { Client, EnqueueOptions } from "@tandemq/core";
import type { CommandModule } from "yargs";
import { withConfigFlags } from "../config-flags.js";
import { type Arguments, withClient } from "../open-client.js";
import { parseParams } from "../parse-params.js";
import { printJson } from "../print.js";

export const enqueueCommand: CommandModule = {
  command: "enqueue <path> [params]",
  describe: "Add a job, or one for each line of JSON on standard input",
  builder: (yargs) =>
    withConfigFlags(yargs, [""])
      .positional("path", { type: "string", describe: "Path of the task" })
      .positional("params", { type: "string", describe: "Params as a JSON object" })
      .option("queue", { type: "string", describe: "The queue", defaultDescription: "default" })
      .option("delay", { type: "string", describe: 'Not before so long from now, such as "5m"' })
      .option("key", { type: "string", describe: "Unique key" })
      .option("priority", { type: "number", describe: "-10 to 10, higher first" })
      .option("attempts", { type: "number", describe: "Runs that the task may end" })
      .option("json", { type: "boolean", describe: "Print the answer as JSON" })
      .example(`$0 enqueue images.resize '{"file":"cat.jpg"}' --queue images`, "one job")
      .example("cat params.jsonl | $0 enqueue images.resize", "one job for each line"),
  handler: async (argv) => {
    await withClient(argv, (client) => (readsStdin(argv) ? enqueueLines(client, argv) : enqueueOne(client, argv)));
  },
};

/** Something has to be connected on purpose: a terminal, or nothing at all (as under cron), has no lines to give. */
function readsStdin(argv: Arguments): boolean {
  if (argv["params"] !== undefined) return false;
  const input = fstatSync(process.stdin.fd);
  return input.isFIFO() || input.isFile() || input.isSocket();
}

async function enqueueOne(client: Client, argv: Arguments): Promise<void> {
  const params = parseParams(argv["params"] as string | undefined);
  const { id, queue, created } = await client.enqueue(String(argv["path"]), params, optionsOf(argv));
  if (argv["json"]) printJson({ id, queue, created });
  else console.log(created ? id : `${id} (the key is taken by this job)`);
}

const batch = 1000;

async function enqueueLines(client: Client, argv: Arguments): Promise<void> {
  let lines: object[] = [];
  let [number, created] = [0, 0];
  const flush = async () => {
    const handles = await client.enqueueMany(String(argv["path"]), lines, optionsOf(argv));
    created += handles.filter((handle) => handle.created).length;
    lines = [];
    if (process.stderr.isTTY) process.stderr.write(`\r${number} lines`);
  };
  for await (const line of createInterface({ input: process.stdin })) {
    number += 1;
    if (line.trim() !== "") lines.push(parseParams(line, `line ${number}`));
    if (lines.length >= batch) await flush();
  }
  if (lines.length > 0) await flush();
  if (process.stderr.isTTY) process.stderr.write("\n");
  if (argv["json"]) printJson({ lines: number, created });
  else console.log(`${created} jobs added`);
}

function optionsOf(argv: Arguments): EnqueueOptions {
  const text = (name: string) => (typeof argv[name] === "string" ? { [name]: argv[name] } : {});
  const number = (name: string) => (argv[name] === undefined ? {} : { [name]: Number(argv[name]) });
  return { ...text("queue"), ...text("delay"), ...text("key"), ...number("priority"), ...number("attempts") };
}
