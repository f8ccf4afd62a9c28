import type { CommandModule } from "yargs";
import { givenFlags, withConfigFlags } from "../config-flags.js";
import type { LiveWorker } from "../live/live-worker.js";
import type { Arguments } from "../open-client.js";
import { isTerminal } from "../output/style.js";
import { duration, text, whole } from "../read-flags.js";

export const workerCommand: CommandModule = {
  command: "worker [queues..]",
  builder: (yargs) =>
    withConfigFlags(yargs, ["", "worker"])
      .positional("queues", { type: "string", array: true, describe: "Queues, or trees of queues such as crawl/" })
      .option("max-jobs", { type: "string", requiresArg: true, describe: "End after so many jobs, exactly" })
      .option("max-time", { type: "string", requiresArg: true, describe: 'End after this time, such as "1h"' })
      .option("plain", { type: "boolean", describe: "Log lines only, also on a terminal: no live view" })
      .option("burst", { type: "boolean", describe: "End when nothing is due" })
      .option("until-idle", {
        type: "boolean",
        describe: "End when nothing is due and nothing runs, here or elsewhere",
      })
      .example("$0 worker --concurrency 25 --processes 4", "up to 100 jobs at a time, 25 in each of four processes")
      .example("$0 worker --plain", "log lines on a terminal, too; in a pipe there are no others")
      .example("$0 worker mail images", "two queues only")
      .example("$0 worker high:5 low:1 --strategy weighted", "five jobs of one for each of the other")
      .example("$0 worker --only 'mail.*' --except mail.digest", "some tasks; the others wait for other workers")
      .epilogue(
        "The first SIGTERM or Ctrl+C lets running jobs end, a second gives them back, a third kills them.\n" +
          "Exit codes: 0 all jobs ended, 1 could not start, 3 jobs were given back, 4 processes were killed.",
      ),
  handler: async (argv) => {
    process.exitCode = await runWorker(argv);
    // Without child processes, code of runs that were given up may still go on: it must not keep the process alive.
    setTimeout(() => process.exit(), 500).unref();
  },
};

async function runWorker(argv: Arguments): Promise<number> {
  const file = text(argv, "config");
  const maxJobs = whole(argv, "max-jobs", 1, Number.MAX_SAFE_INTEGER);
  const maxTime = duration(argv, "max-time");
  const { createWorkerToStart } = await import("../../create-worker.js");
  const live = isTerminal(process.stdout) && !argv["plain"] ? await openLive() : undefined;
  const worker = await createWorkerToStart({
    ...(live ? { logTo: live.log } : {}),
    ...(file === undefined ? {} : { file }),
    flags: givenFlags(argv),
    queues: (argv["queues"] as string[] | undefined) ?? [],
    ...(maxJobs === undefined ? {} : { maxJobs }),
    ...(maxTime === undefined ? {} : { maxTime }),
    ...(argv["burst"] === true ? { burst: true } : {}),
    ...(argv["until-idle"] === true ? { untilIdle: true } : {}),
  });
  const { runUntilSignalled } = await import("@tandemq/worker");
  live?.follow(worker);
  const end = await runUntilSignalled(worker).finally(() => live?.end());
  if (end.error !== undefined) throw end.error instanceof Error ? end.error : new Error(String(end.error));
  return end.code;
}

async function openLive(): Promise<LiveWorker> {
  const { LiveWorker } = await import("../live/live-worker.js");
  return new LiveWorker();
}
