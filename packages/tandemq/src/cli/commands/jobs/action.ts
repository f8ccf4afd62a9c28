import {
  type ActionFilter,
  type ActionOptions,
  type ActionReport,
  type ActionVerb,
  type Client,
  InvalidOptionError,
  count,
  countOf,
  type Status,
  toMs,
} from "@tandemq/core";
import type { Argv } from "yargs";
import { type Arguments, withClient } from "../../open-client.js";
import { Progress } from "../../output/progress.js";
import { permit, withYes } from "../../permit.js";
import { printJson } from "../../print.js";
import { text, whole } from "../../read-flags.js";
import { exitCodes } from "../../report-error.js";
import { type FilterFlag, filterOf, isFiltered, withFilterFlags } from "./filter.js";
import { assertJobId } from "./job-id.js";
import { type LeftAlone, leftAlone, sum } from "./left-alone.js";

/** What is done to jobs, and how one says it. */
export interface ActionWords {
  readonly verb: ActionVerb;
  /** The command's name. */
  readonly name: string;
  readonly done: string;
  /** Also one job that is named by its id must be confirmed. */
  readonly dangerous?: boolean;
  /** What it takes of jobs that are named by their ids, unless --status says so. */
  readonly named: readonly Status[];
  /** What is said of it beside the jobs. */
  readonly options?: ActionOptions;
}

const mostDone = 10_000_000;

/**
 * Adds what chooses the jobs of an action.
 * @param but flags that mean something else in the command
 */
export function actionFlags<T>(yargs: Argv<T>, but: readonly FilterFlag[] = []): Argv<T> {
  return withYes(withFilterFlags(yargs, but))
    .positional("ids", { type: "string", array: true, describe: "The jobs; else the flags say which" })
    .option("max", { type: "string", requiresArg: true, describe: "At most so many", defaultDescription: "100000" })
    .option("rate", { type: "string", requiresArg: true, describe: "No more than so many in a time, such as 100/1s" })
    .option("json", { type: "boolean", describe: "Print the counts as JSON" });
}

/** Acts on the jobs that are named, or on all that match and were there when it began; the latter only when permitted. */
export async function runAction(argv: Arguments, words: ActionWords): Promise<void> {
  const ids = [...new Set(argv["ids"] as string[] | undefined)];
  for (const id of ids) assertJobId(id);
  if (ids.length === 0 && !isFiltered(argv)) {
    throw new InvalidOptionError(
      `jobs ${words.name}: name jobs by their ids, or choose them by flags such as --status`,
    );
  }
  const chosen = filterOf(argv);
  const status = chosen.status ?? words.named;
  const filter: ActionFilter = ids.length > 0 ? { ...chosen, ids, status } : chosen;
  const limits = limitsOf(argv);
  if (ids.length === 0) await permit(argv, `${words.name} all jobs that match?`);
  else if (words.dangerous) await permit(argv, `${words.name} ${ids.join(", ")}?`);
  await withClient(argv, async (client) => {
    const left = await leftAlone(client, ids, status);
    tell(argv, words, await act(client, filter, words, limits), left);
  });
}

/** @throws InvalidOptionError for a flag that cannot be meant */
function limitsOf(argv: Arguments): Pick<ActionOptions, "max" | "rate"> {
  const max = whole(argv, "max", 1, mostDone);
  const rate = rateOf(text(argv, "rate"));
  return { ...(max === undefined ? {} : { max }), ...(rate ? { rate } : {}) };
}

function rateOf(given: string | undefined): ActionOptions["rate"] {
  if (given === undefined) return undefined;
  const [, max, per] = /^(\d+)\/(\d.*)$/.exec(given.trim()) ?? [];
  if (max && per) return { max: Number(max), per: toMs(per, "--rate") };
  throw new InvalidOptionError(`--rate: expected so many in a time, such as 100/1s, got ${JSON.stringify(given)}`);
}

async function act(
  client: Client,
  filter: ActionFilter,
  { verb, options }: ActionWords,
  limits: ActionOptions,
): Promise<ActionReport> {
  const action = client.action(verb, filter, { ...options, ...limits });
  let progress: Progress | undefined;
  try {
    for await (const { found, done, refused } of action) {
      progress ??= new Progress("jobs", found);
      progress.at(done + refused);
    }
    return await action.result();
  } finally {
    progress?.end();
  }
}

/** Reasons that are no words. */
const wordsOf: ReadonlyMap<string, string> = new Map([
  ["keyTaken", "whose key is taken"],
  ["knownByParams", "that their queue knows by their params"],
]);

/** What was not done is told by its reason, and the exit code says so. */
function tell(argv: Arguments, { done: word }: ActionWords, report: ActionReport, left: LeftAlone): void {
  const { found, done, capped } = report;
  const refused = sum([report.refused, left]);
  const reasons = Object.entries(refused).map(
    ([reason, number]) => `${count(number)} ${wordsOf.get(reason) ?? reason}`,
  );
  const asked = found + Object.values(left).reduce((all, number) => all + number, 0);
  const rest = reasons.length > 0 ? ` (left alone: ${reasons.join(", ")})` : "";
  if (argv["json"]) printJson({ ...report, refused });
  else console.log(`${count(done)} of ${countOf(asked, "job")} ${word}${rest}`);
  if (capped) console.error("tandemq: more jobs match; run the command again for the others");
  if (reasons.length > 0) process.exitCode = exitCodes.failed;
}
