import type { CommandModule } from "yargs";
import { withConfigFlags } from "../config-flags.js";
import { forgetQueue } from "./queues/forget.js";
import { listQueues } from "./queues/list.js";
import { migrateCommand } from "./queues/migrate.js";
import { pauseQueue, resumeQueue } from "./queues/pause.js";
import { purgeQueue } from "./queues/purge.js";
import { showQueue } from "./queues/show.js";

export const queuesCommand: CommandModule = {
  command: "queues",
  builder: (yargs) =>
    withConfigFlags(yargs, [""])
      .command(listQueues)
      .command(showQueue)
      .command(pauseQueue)
      .command(resumeQueue)
      .command(purgeQueue)
      .command(migrateCommand)
      .command(forgetQueue)
      .demandCommand(0, 0)
      .example("$0 queues --watch", "what waits and what runs, again and again")
      .example("$0 queues show crawl", "one queue, and when its jobs come due")
      .example("$0 queues pause images", "workers start nothing more of it")
      .example("$0 queues purge images --yes", "delete all waiting jobs of a queue")
      .epilogue("Exit codes: 0 done, 1 refused or failed, 2 the command line is wrong."),
  handler: () => undefined,
};
