import type { CommandModule } from "yargs";
import { withConfigFlags } from "../config-flags.js";
import { cancelJobs } from "./jobs/cancel.js";
import { editJobs } from "./jobs/edit.js";
import { listJobs } from "./jobs/list.js";
import { logsOfJob } from "./jobs/logs.js";
import { moveJobs } from "./jobs/move.js";
import { removeJobs } from "./jobs/remove.js";
import { retryJobs } from "./jobs/retry.js";
import { showJob } from "./jobs/show.js";
import { whyCommand } from "./why.js";

export const jobsCommand: CommandModule = {
  command: "jobs",
  builder: (yargs) =>
    withConfigFlags(yargs, [""])
      .command(listJobs)
      .command(showJob)
      .command(whyCommand)
      .command(logsOfJob)
      .command(retryJobs)
      .command(cancelJobs)
      .command(editJobs)
      .command(moveJobs)
      .command(removeJobs)
      .example("$0 jobs --status failed --queue images", "what failed")
      .example("$0 jobs 6560c0ffee6560c0ffee6560", "everything about one job")
      .example("$0 jobs why 6560c0ffee6560c0ffee6560", "why it does not run")
      .example("$0 jobs retry --status failed --path 'mail.send' --yes", "put what failed back in line")
      .epilogue("Exit codes: 0 done, 1 refused or failed, 2 the command line is wrong."),
  handler: () => undefined,
};
