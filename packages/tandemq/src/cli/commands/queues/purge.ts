import { countOf } from "@tandemq/core";
import type { CommandModule } from "yargs";
import { withClient } from "../../open-client.js";
import { permit, withYes } from "../../permit.js";
import { printJson } from "../../print.js";
import { nameOf, withName } from "./name.js";

export const purgeQueue: CommandModule = {
  command: "purge <name>",
  describe: "Delete all waiting jobs of the queue; started and finished ones stay",
  builder: (yargs) =>
    withYes(withName(yargs))
      .option("json", { type: "boolean", describe: "Print the count as JSON" })
      .example("$0 queues purge images --yes", ""),
  handler: async (argv) => {
    const name = nameOf(argv);
    await permit(argv, `Delete all waiting jobs of ${name}?`);
    await withClient(argv, async (client) => {
      const deleted = await client.queue(name).purge();
      if (argv["json"]) printJson({ queue: name, deleted });
      else console.log(`${countOf(deleted, "job")} deleted`);
    });
  },
};
