import type { CommandModule } from "yargs";
import { startInBackground } from "../../../services/background/start.js";
import { showServices } from "./show.js";

export const startServicesCommand: CommandModule = {
  command: "start",
  describe: "Bring up a private MongoDB and Redis in the background",
  builder: (yargs) =>
    yargs
      .option("temporary", { type: "boolean", describe: "Keep no data beyond their end" })
      .option("json", { type: "boolean", describe: "Print JSON" })
      .example("$0 services start", "they go on until `tandemq services stop`"),
  handler: async (argv) => {
    const temporary = argv["temporary"] === true;
    const { started, services } = await startInBackground({ temporary, onProgress: (line) => console.error(line) });
    if (!started) console.error("they already run");
    showServices(services, argv["json"] === true);
  },
};
