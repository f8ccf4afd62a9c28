import type { Client, Job } from "@tandemq/core";
import type { CommandModule } from "yargs";
import { type Arguments, withClient } from "../../open-client.js";
import { clean, paint } from "../../output/style.js";
import { tableLines } from "../../output/table.js";
import { age } from "../../output/times.js";
import { show, type View, withViewFlags } from "../../output/view.js";
import { whole } from "../../read-flags.js";
import { filterOf, withFilterFlags } from "./filter.js";
import { lookAtJob } from "./show.js";
import { assertJobId } from "./job-id.js";

const mostListed = 10_000;

export const listJobs: CommandModule = {
  command: ["list [id]", "$0"],
  describe: "List jobs, newest first, or show one",
  builder: (yargs) =>
    withViewFlags(withFilterFlags(yargs), true)
      .positional("id", { type: "string", describe: "Show this job" })
      .option("limit", { type: "string", requiresArg: true, describe: "At most so many", defaultDescription: "20" })
      .option("page", { type: "string", requiresArg: true, describe: "The second so many, the third, …" })
      .example("$0 jobs --status failed,timeout --queue images", "what failed")
      .example("$0 jobs --status started --watch", "what runs, again and again"),
  handler: async (argv) => {
    if (argv["id"] !== undefined) assertJobId(argv["id"]);
    const look = argv["id"] === undefined ? listing(argv) : (client: Client) => lookAtJob(client, argv);
    await withClient(argv, (client) => show(argv, () => look(client)));
  },
};

/** @throws InvalidOptionError before anything is connected */
function listing(argv: Arguments): (client: Client) => Promise<View> {
  const filter = filterOf(argv);
  const limit = whole(argv, "limit", 1, mostListed) ?? 20;
  const page = whole(argv, "page", 1, Math.floor(mostListed / limit)) ?? 1;
  return async (client) => {
    const found = await client.jobs({ ...filter, limit: limit * page + 1 });
    const jobs = found.slice(limit * (page - 1), limit * page);
    const more = found.length > limit * page && process.stdout.isTTY ? [`more: --page ${page + 1}`] : [];
    return { json: jobs, lines: jobs.length === 0 ? ["no jobs match"] : [...table(jobs), ...more] };
  };
}

function table(jobs: readonly Job[]): string[] {
  return tableLines(["id", "queue", "path", "status", "attempt", "queued", "error"], jobs.map(row));
}

function row(job: Job): string[] {
  const { id, queue, path, attempt, queuedAt, error } = job;
  const said = error ? clean(`${error.name}: ${error.message}`) : "";
  return [id, clean(queue), clean(path), statusText(job), String(attempt), age(queuedAt), said];
}

function statusText({ status, lapsed }: Job): string {
  const shown = lapsed ? `${status} (lapsed)` : status;
  if (status === "success") return paint("green", shown);
  return ["failed", "timeout", "maxretries", "abort"].includes(status) ? paint("red", shown) : shown;
}
