import { checkQueueName, checkQueueOrTree } from "@tandemq/core";
import type { Argv } from "yargs";
import type { Arguments } from "../../open-client.js";

/** Adds the name of the queue that a command acts on. */
export function withName<T>(yargs: Argv<T>): Argv<T> {
  yargs.positional("name", { type: "string", describe: "The queue" });
  return yargs;
}

/** @throws InvalidOptionError when it cannot be a queue's name */
export function nameOf(argv: Arguments): string {
  const name = String(argv["name"]);
  checkQueueName(name, "queues");
  return name;
}

/** @throws InvalidOptionError when it can be neither a queue's name nor a tree's, such as `crawl/` */
export function queueOrTree(argv: Arguments): string {
  const name = String(argv["name"]);
  checkQueueOrTree(name, "queues");
  return name;
}

export function isTree(name: string): name is `${string}/` {
  return name.endsWith("/");
}
