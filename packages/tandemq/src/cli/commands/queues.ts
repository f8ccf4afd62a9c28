import { createInterface } from "node:readline/promises";
import { type Client, InvalidOptionError, type QueueHandle, QueueMismatchError, statuses } from "@tandemq/core";
import type { CommandModule } from "yargs";
import { withConfigFlags } from "../config-flags.js";
import { type Arguments, withClient } from "../open-client.js";
import { clean, paint, printJson, printTable } from "../print.js";
import { exitCodes } from "../report-error.js";

type Act = (client: Client, name: string, yes: boolean) => Promise<string>;

const actions = {
  pause: (client, name) =>
    client
      .queue(name)
      .pause()
      .then(() => `${name} is paused`),
  resume: (client, name) =>
    client
      .queue(name)
      .resume()
      .then(() => `${name} goes on`),
  purge,
  forget,
} satisfies Record<string, Act>;

type Action = keyof typeof actions;

export const queuesCommand: CommandModule = {
  command: "queues [action] [name]",
  describe: "List queues with their jobs per status, or pause, resume, purge, forget one",
  builder: (yargs) =>
    withConfigFlags(yargs, [""])
      .positional("action", { type: "string", choices: Object.keys(actions), describe: "Default: list" })
      .positional("name", { type: "string", describe: "The queue" })
      .option("json", { type: "boolean", describe: "Print JSON" })
      .option("yes", { type: "boolean", describe: "Purge or forget without asking" })
      .example("$0 queues", "what waits and what runs")
      .example("$0 queues purge images --yes", "delete all waiting jobs of a queue")
      .example("$0 queues forget images --yes", "let the next use settle the queue's mode anew"),
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
  console.log(await actions[action](client, name, argv["yes"] === true));
}

async function purge(client: Client, name: string, yes: boolean): Promise<string> {
  await permit(yes, `Delete all waiting jobs of ${name}?`, "nothing was deleted");
  return `${await client.queue(name).purge()} jobs deleted`;
}

/** Jobs that still wait in the old mode stay where they are, and are served again when it is configured again. */
async function forget(client: Client, name: string, yes: boolean): Promise<string> {
  const question = `Forget the mode of ${name}? Jobs that wait in it are not seen while another mode is configured.`;
  await permit(yes, question, "nothing was forgotten");
  await client.forgetQueue(name);
  return `${name}: the next use settles its mode`;
}

async function permit(yes: boolean, question: string, refused: string): Promise<void> {
  if (yes || (await confirm(question))) return;
  throw new InvalidOptionError(`${refused}; give --yes to do it without being asked`);
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
