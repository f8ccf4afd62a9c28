import {
  type Client,
  InvalidOptionError,
  isStatus,
  type Job,
  type JobFilter,
  JobNotFoundError,
  statuses,
} from "@tandemq/core";
import type { CommandModule } from "yargs";
import { withConfigFlags } from "../config-flags.js";
import { type Arguments, withClient } from "../open-client.js";
import { whyCommand } from "./why.js";
import { age, clean, paint, printJson, printTable } from "../print.js";

export const jobsCommand: CommandModule = {
  command: "jobs [id]",
  describe: "List jobs, newest first, or show one",
  builder: (yargs) =>
    withConfigFlags(yargs, [""])
      .command(whyCommand)
      .positional("id", { type: "string", describe: "Show this job" })
      .option("queue", { type: "string", describe: "Only of this queue" })
      .option("status", { type: "string", array: true, describe: "Only with this status; may be repeated" })
      .option("path", { type: "string", describe: "Only of this task" })
      .option("limit", { type: "number", default: 20, describe: "At most so many" })
      .option("json", { type: "boolean", describe: "Print JSON" })
      .example("$0 jobs --status failed --queue images", "what failed")
      .example("$0 jobs why 6560c0ffee6560c0ffee6560", "why it does not run")
      .example("$0 jobs 6560c0ffee6560c0ffee6560", "everything about one job"),
  handler: async (argv) => {
    const filter = filterOf(argv);
    await withClient(argv, (client) => (argv["id"] === undefined ? list(client, argv, filter) : show(client, argv)));
  },
};

async function list(client: Client, argv: Arguments, filter: JobFilter): Promise<void> {
  const jobs = await client.jobs(filter);
  if (argv["json"]) return printJson(jobs);
  if (jobs.length === 0) return console.log("no jobs match");
  printTable(["id", "queue", "path", "status", "attempt", "queued", "error"], jobs.map(row));
}

function row(job: Job): string[] {
  const status = job.lapsed ? `${job.status} (lapsed)` : job.status;
  const error = job.error ? clean(`${job.error.name}: ${job.error.message}`) : "";
  return [
    job.id,
    clean(job.queue),
    clean(job.path),
    paintStatus(status),
    String(job.attempt),
    age(job.queuedAt),
    error,
  ];
}

function paintStatus(status: string): string {
  if (status === "success") return paint("green", status);
  return ["failed", "timeout", "maxretries", "abort"].includes(status) ? paint("red", status) : status;
}

async function show(client: Client, argv: Arguments): Promise<void> {
  const id = String(argv["id"]);
  const job = await client.job(id, argv["queue"] as string | undefined);
  if (!job) throw new JobNotFoundError(id);
  if (argv["json"]) return printJson(job);
  for (const [name, value] of Object.entries(job)) {
    if (value === undefined) continue;
    console.log(`${paint("bold", name.padEnd(12))} ${textOf(value)}`);
  }
}

function textOf(value: unknown): string {
  if (value instanceof Date) return value.toISOString();
  return typeof value === "string" ? clean(value) : JSON.stringify(value);
}

function filterOf(argv: Arguments): JobFilter {
  const { queue, path } = argv;
  const status = argv["status"] as string[] | undefined;
  const wrong = status?.find((name) => !isStatus(name));
  if (wrong !== undefined)
    throw new InvalidOptionError(`--status: ${wrong} is not a status; there are ${statuses.join(", ")}`);
  return {
    limit: Number(argv["limit"]),
    ...(typeof queue === "string" ? { queue } : {}),
    ...(typeof path === "string" ? { path } : {}),
    ...(status ? { status: status.filter(isStatus) } : {}),
  };
}
