import { type Client, type JobLogLevel, type JobLogLine, JobNotFoundError, type LogFilter } from "@tandemq/core";
import type { CommandModule } from "yargs";
import { type Arguments, withClient } from "../../open-client.js";
import { clean, paint, type Style } from "../../output/style.js";
import { printJson } from "../../print.js";
import { text, whole } from "../../read-flags.js";
import { assertJobId } from "./job-id.js";

const levels = ["debug", "info", "warn", "error"] as const satisfies readonly JobLogLevel[];
const styles: Readonly<Record<JobLogLevel, Style>> = { debug: "dim", info: "cyan", warn: "yellow", error: "red" };

export const logsOfJob: CommandModule = {
  command: "logs <id>",
  describe: "The lines that a job wrote to its log",
  builder: (yargs) =>
    yargs
      .positional("id", { type: "string", describe: "The job" })
      .option("follow", { alias: "f", type: "boolean", describe: "Go on until the job is over" })
      .option("level", { type: "string", choices: levels, describe: "Lines of this level and more severe ones" })
      .option("text", { type: "string", requiresArg: true, describe: "Lines with this text" })
      .option("attempt", { type: "string", requiresArg: true, describe: "Lines of this run" })
      .option("json", { type: "boolean", describe: "Print JSON; with --follow a line of JSON for each" })
      .example("$0 jobs logs 6560c0ffee6560c0ffee6560 --follow", "as they are written")
      .epilogue("Kept where there is a MongoDB. Exit codes: 0 shown, 1 no such job or no place for logs."),
  handler: (argv) => {
    assertJobId(argv["id"]);
    return argv["follow"] ? tail(argv, argv["id"]) : list(argv, argv["id"]);
  },
};

async function list(argv: Arguments, id: string): Promise<void> {
  const lines = await withClient(argv, async (client) => {
    await assertKnown(client, id);
    return client.logs(id, filterOf(argv));
  });
  if (argv["json"]) return printJson(lines);
  for (const line of lines) console.log(lineText(line));
}

async function tail(argv: Arguments, id: string): Promise<void> {
  await withClient(argv, async (client) => {
    await assertKnown(client, id);
    for await (const line of client.tail(id, filterOf(argv))) {
      console.log(argv["json"] ? JSON.stringify(line) : lineText(line));
    }
  });
}

/** The log may outlive its job. */
async function assertKnown(client: Client, id: string): Promise<void> {
  if ((await client.logs(id)).length === 0 && !(await client.job(id))) throw new JobNotFoundError(id);
}

function filterOf(argv: Arguments): LogFilter {
  const level = levels.find((one) => one === argv["level"]);
  const sought = text(argv, "text");
  const attempt = whole(argv, "attempt", 1, 1_000_000);
  return {
    ...(level === undefined ? {} : { level }),
    ...(sought === undefined ? {} : { text: sought }),
    ...(attempt === undefined ? {} : { attempt }),
  };
}

/** The first run needs no word. */
function lineText({ at, attempt, level, message, data }: JobLogLine): string {
  const run = attempt > 1 ? paint("dim", `[attempt ${attempt}] `) : "";
  const more = data === undefined ? "" : ` ${clean(JSON.stringify(data))}`;
  return `${paint("dim", at.toISOString())} ${paint(styles[level], level.padEnd(5))} ${run}${clean(message)}${more}`;
}
