import type { Client } from "@tandemq/core";
import type { CommandModule } from "yargs";
import { withClient } from "../../open-client.js";
import { queueOrTree, withName } from "./name.js";

export const pauseQueue: CommandModule = {
  command: "pause <name>",
  describe: "Workers start nothing more of the queue, or tree of queues, until it is resumed; enqueueing goes on",
  builder: (yargs) => withName(yargs).example("$0 queues pause images", ""),
  handler: (argv) => {
    const name = queueOrTree(argv);
    return withClient(argv, (client) => pause(client, name));
  },
};

export const resumeQueue: CommandModule = {
  command: "resume <name>",
  describe: "Workers go on with the queue",
  builder: (yargs) => withName(yargs).example("$0 queues resume images", ""),
  handler: (argv) => {
    const name = queueOrTree(argv);
    return withClient(argv, (client) => resume(client, name));
  },
};

async function pause(client: Client, name: string): Promise<void> {
  await client.queue(name).pause();
  console.log(`${name} is paused`);
}

async function resume(client: Client, name: string): Promise<void> {
  await client.queue(name).resume();
  console.log(`${name} goes on`);
}
