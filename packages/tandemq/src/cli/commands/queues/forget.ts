import type { CommandModule } from "yargs";
import { withClient } from "../../open-client.js";
import { permit, withYes } from "../../permit.js";
import { nameOf, withName } from "./name.js";

/** Jobs that still wait in the old mode stay where they are, and are served again when it is configured again. */
export const forgetQueue: CommandModule = {
  command: "forget <name>",
  describe: "Drop the record of the queue's mode: the next use settles it anew",
  builder: (yargs) =>
    withYes(withName(yargs)).example("$0 queues forget images --yes", "after its jobs are done, or purged"),
  handler: async (argv) => {
    const name = nameOf(argv);
    await permit(
      argv,
      `Forget the mode of ${name}? Jobs that wait in it are not seen while another mode is configured.`,
    );
    await withClient(argv, async (client) => {
      await client.forgetQueue(name);
      console.log(`${name}: the next use settles its mode`);
    });
  },
};
