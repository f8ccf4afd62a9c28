import type { Client, EnqueueOptions } from "@tandemq/core";
import type { Arguments } from "../../open-client.js";
import { parseParams } from "../../parse-params.js";
import { printJson } from "../../print.js";
import { text } from "../../read-flags.js";

/** Adds one job and prints its id, or with `--wait` its result. */
export async function enqueueOne(client: Client, argv: Arguments, options: EnqueueOptions): Promise<void> {
  const job = await client.enqueue(String(argv["path"]), parseParams(text(argv, "params")), options);
  const { id, queue, created } = job;
  const wait = text(argv, "wait");
  if (wait !== undefined) return printJson((await job.result(wait === "" ? {} : { timeout: wait })) ?? null);
  if (argv["json"]) printJson({ id, queue, created });
  else console.log(created ? id : `${id} (the key is taken by this job)`);
}
