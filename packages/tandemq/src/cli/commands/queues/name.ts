import { checkQueueName } from "@tandemq/core";
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
  checkQueueName(name.replace(/\/$/, ""), "queues");
  return name;
}
