import { type ChangeAnswer, InvalidOptionError, type Job } from "@tandemq/core";
import type { Argv } from "yargs";
import { type Arguments, withClient } from "../../open-client.js";
import { count } from "../../output/numbers.js";
import { permit, withYes } from "../../permit.js";
import { exitCodes } from "../../report-error.js";
import { filterOf, isFiltered, withFilterFlags } from "./filter.js";
import { assertJobId } from "./job-id.js";

/** What is done to jobs, and how one says that it was done. */
export interface ActionWords {
  readonly verb: "retry" | "cancel";
  readonly done: string;
}

const most = 10_000;

/** Adds what chooses the jobs of an action. */
export function actionFlags<T>(yargs: Argv<T>): Argv<T> {
  return withYes(withFilterFlags(yargs))
    .positional("ids", { type: "string", array: true, describe: "The jobs; else the flags say which" })
    .option("json", { type: "boolean", describe: "Print the counts as JSON" });
}

/** Acts on the jobs that are named, or on all that match; those are asked for on a terminal, or need `--yes`. */
export async function runAction(argv: Arguments, words: ActionWords): Promise<void> {
  const ids = (argv["ids"] as string[] | undefined) ?? [];
  for (const id of ids) assertJobId(id);
  const filter = filterOf(argv);
  if (ids.length === 0 && !isFiltered(argv)) {
    throw new InvalidOptionError(
      `jobs ${words.verb}: name jobs by their ids, or choose them by flags such as --status`,
    );
  }
  if (ids.length === 0) await permit(argv, `${words.verb} all jobs that match?`);
  await withClient(argv, async (client) => {
    const jobs = await client.jobs({ ...filter, ...(ids.length > 0 ? { ids } : {}), limit: most });
    const answers = words.verb === "retry" ? await client.requeue(jobs) : await client.cancel(jobs);
    tell(argv, words, jobs, answers, Math.max(0, ids.length - jobs.length));
  });
}

function tell(
  argv: Arguments,
  { done }: ActionWords,
  jobs: readonly Job[],
  answers: readonly ChangeAnswer[],
  missing: number,
): void {
  const counts: Record<string, number> = missing > 0 ? { missing } : {};
  for (const answer of answers) counts[answer] = (counts[answer] ?? 0) + 1;
  if (argv["json"]) console.log(JSON.stringify(counts));
  else console.log(`${count(counts["done"] ?? 0)} of ${count(jobs.length + missing)} jobs ${done}`);
  if ((counts["done"] ?? 0) < jobs.length + missing) process.exitCode = exitCodes.failed;
}
