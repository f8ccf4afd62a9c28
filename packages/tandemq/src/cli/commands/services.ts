import type { CommandModule } from "yargs";
import { startServicesCommand } from "./services/start.js";
import { statusOfServices } from "./services/status.js";
import { stopServices } from "./services/stop.js";

export const servicesCommand: CommandModule = {
  command: "services",
  builder: (yargs) =>
    yargs
      .command(startServicesCommand)
      .command(stopServices)
      .command(statusOfServices)
      .demandCommand(1, "say what to do: start, stop or status")
      .example("$0 services start", "a private MongoDB and Redis on this machine, in the background")
      .example("$0 services status --json", "where they answer")
      .example("$0 services stop", "end them; their data is kept")
      .epilogue(
        "A server is taken from the PATH, from Docker, or downloaded once. Linux and macOS only.\n" +
          "Exit codes: 0 done, 1 failed or nothing runs, 2 the command line is wrong.",
      ),
  handler: () => undefined,
};
