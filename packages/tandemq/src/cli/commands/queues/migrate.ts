import { count, countOf, queueModes } from "@tandemq/core";
import type { CommandModule } from "yargs";
import { type MigrateOptions, type MigrateReport, migrateQueue } from "../../../migrate/migrate-queue.js";
import { type Arguments, withDeployment } from "../../open-client.js";
import { Progress } from "../../output/progress.js";
import { permit, withYes } from "../../permit.js";
import { printJson } from "../../print.js";
import { duration } from "../../read-flags.js";
import { exitCodes } from "../../report-error.js";
import { nameOf, withName } from "./name.js";

export const migrateCommand: CommandModule = {
  command: "migrate <name>",
  describe: "Give the queue its configured mode, and take its waiting jobs along",
  builder: (yargs) =>
    withYes(withName(yargs))
      .option("to", { type: "string", requiresArg: true, choices: queueModes, describe: "Default: as configured" })
      .option("timeout", {
        ...({ type: "string", requiresArg: true } as const),
        describe: "How long running jobs may take to end",
        defaultDescription: "1m",
      })
      .option("json", { type: "boolean", describe: "Print the counts as JSON" })
      .example("$0 queues migrate images --yes", "after its mode was changed in the configuration")
      .epilogue(
        "The queue is paused meanwhile. Finished jobs stay where they are. Programs with the old configuration must be\n" +
          "restarted; what they added until then, the same command brings. Exit codes: 0 all moved, 1 refused, or some left.",
      ),
  handler: async (argv) => {
    const name = nameOf(argv);
    const options = optionsOf(argv);
    await permit(argv, `Pause ${name} and move its waiting jobs?`);
    tell(argv, name, await migrate(argv, name, options));
  },
};

function optionsOf(argv: Arguments): MigrateOptions {
  const to = queueModes.find((mode) => mode === argv["to"]);
  const timeout = duration(argv, "timeout");
  return {
    ...(to === undefined ? {} : { to }),
    ...(timeout === undefined ? {} : { timeout }),
  };
}

async function migrate(argv: Arguments, name: string, options: MigrateOptions): Promise<MigrateReport> {
  let progress: Progress | undefined;
  const onProgress = (moved: number, found: number) => {
    progress ??= new Progress("jobs", found);
    progress.at(moved);
  };
  try {
    return await withDeployment(argv, (deployment) => migrateQueue(deployment, name, { ...options, onProgress }));
  } finally {
    progress?.end();
  }
}

function tell(argv: Arguments, name: string, report: MigrateReport): void {
  const { from, to, left } = report;
  const reasons = Object.entries(left).map(([reason, number]) => `${count(number)} ${reason}`);
  const change = from === to ? `is ${to} already` : `was ${from} and is ${to} now`;
  const rest = reasons.length > 0 ? `, left: ${reasons.join(", ")}` : "";
  if (argv["json"]) printJson(report);
  else console.log(`${name} ${change}: ${movedIn(report)}${rest}`);
  if (reasons.length > 0) process.exitCode = exitCodes.failed;
}

/** Between the modes that queue in Redis, what waits has nowhere to go: no jobs moved would read as if some were left behind. */
function movedIn({ from, to, moved }: MigrateReport): string {
  const inPlace = from !== to && from !== "regular" && to !== "regular" && moved === 0;
  return inPlace ? "what waits stays in its place" : `${countOf(moved, "job")} moved`;
}
