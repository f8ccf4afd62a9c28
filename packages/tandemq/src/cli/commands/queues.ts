import { createInterface } from "node:readline/promises";
import { type Client, InvalidOptionError, type QueueHandle, QueueMismatchError, statuses } from "@tandemq/core";
import type { CommandModule } from "yargs";
import { withConfigFlags } from "../config-flags.js";
import { type Arguments, withClient } from "../open-client.js";
import { clean, paint, printJson, printTable } from "../print.js";
import { exitCodes } from "../report-error.js";

const actions = ["pause", "resume", "purge"] as const;
type Action = (typeof actions)[number];

export const queuesCommand: CommandModule = {
  command: "queues [action] [name]",
  describe: "List queues with their jobs per status, or pause, resume, purge one",
  builder: (yargs) =>
    withConfigFlags(yargs, [""])
      .positional("action", { type: "string", choices: actions, describe: "Default: list" })
      .positional("name", { type: "string", describe: "The queue" })
      .option("json", { type: "boolean", describe: "Print JSON" })
      .option("yes", { type: "boolean", describe: "Purge without asking" })
      .example("$0 queues", "what waits and what runs")
      .example("$0 queues purge images --yes", "delete all waiting jobs of a queue"),
  handler: async (argv) => {
    await withClient(argv, (client) => (argv["action"] === undefined ? list(client, argv) : act(client, argv)));
  },
};

interface QueueView {
  readonly queue: string;
  readonly mode: string;
  readonly paused: boolean;
  readonly counts: Readonly<Record<string, number>>;
}

async function view(queue: QueueHandle): Promise<QueueView> {
  const [mode, paused, counts] = await Promise.all([queue.mode(), queue.isPaused(), queue.counts()]);
  return { queue: queue.name, mode, paused, counts };
}

/** The queue's view; one that is configured otherwise than recorded is told, and leaves the others to be seen. */
async function viewIfAgreed(queue: QueueHandle): Promise<QueueView | undefined> {
  try {
    return await view(queue);
  } catch (error) {
    if (!(error instanceof QueueMismatchError)) throw error;
    console.error(`tandemq: ${error.message}`);
    process.exitCode = exitCodes.failed;
    return undefined;
  }
}

async function list(client: Client, argv: Arguments): Promise<void> {
  const all = await Promise.all((await client.queues()).map(viewIfAgreed));
  const views = all.filter((one) => one !== undefined);
  if (argv["json"]) return printJson(views);
  if (views.length === 0) return console.log("no queues yet");
  const shown = statuses.filter((status) => views.some(({ counts }) => (counts[status] ?? 0) > 0));
  printTable(
    ["queue", "mode", ...shown, ""],
    views.map(({ queue, mode, paused, counts }) => [
      clean(queue),
      mode,
      ...shown.map((status) => String(counts[status] ?? 0)),
      paused ? paint("yellow", "paused") : "",
    ]),
  );
}

async function act(client: Client, argv: Arguments): Promise<void> {
  const action = argv["action"] as Action;
  const name = argv["name"];
  if (typeof name !== "string") throw new InvalidOptionError(`queues ${action}: name the queue`);
  const queue = client.queue(name);
  if (action !== "purge") {
    await (action === "pause" ? queue.pause() : queue.resume());
    return console.log(action === "pause" ? `${name} is paused` : `${name} goes on`);
  }
  if (!argv["yes"] && !(await confirm(`Delete all waiting jobs of ${name}?`))) {
    throw new InvalidOptionError("nothing was deleted; give --yes to delete without being asked");
  }
  console.log(`${await queue.purge()} jobs deleted`);
}

async function confirm(question: string): Promise<boolean> {
  if (!process.stdin.isTTY) return false;
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test(await terminal.question(`${question} [y/N] `));
  } finally {
    terminal.close();
  }
}
