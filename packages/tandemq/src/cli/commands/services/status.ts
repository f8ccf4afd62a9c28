import type { CommandModule } from "yargs";
import { backgroundServices } from "../../../services/background/start.js";
import { printJson } from "../../print.js";
import { exitCodes } from "../../report-error.js";
import { showServices } from "./show.js";

export const statusOfServices: CommandModule = {
  command: "status",
  describe: "Say whether they run, and where they answer",
  builder: (yargs) =>
    yargs
      .option("json", { type: "boolean", describe: "Print JSON" })
      .example("$0 services status --json", "for a script; exit code 1 when they do not run"),
  handler: async (argv) => {
    const services = await backgroundServices();
    if (services !== undefined) return showServices(services, argv["json"] === true);
    process.exitCode = exitCodes.failed;
    if (argv["json"] === true) printJson({ running: false });
    else console.log("no services run in the background; `tandemq services start` brings them up");
  },
};
