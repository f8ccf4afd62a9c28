import type { CommandModule } from "yargs";
import { stopBackground } from "../../../services/background/start.js";
import { printJson } from "../../print.js";

export const stopServices: CommandModule = {
  command: "stop",
  describe: "End what `services start` brought up, and nothing else",
  builder: (yargs) =>
    yargs
      .option("json", { type: "boolean", describe: "Print JSON" })
      .example("$0 services stop", "their data is kept for the next start"),
  handler: async (argv) => {
    const stopped = await stopBackground();
    if (argv["json"] === true) printJson({ stopped });
    else console.log(stopped ? "the services are stopped" : "no services run in the background");
  },
};
