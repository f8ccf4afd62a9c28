import { InvalidOptionError } from "@tandemq/core";
import type { CommandModule } from "yargs";
import { freePort } from "../../../services/free-port.js";
import type { Ports } from "../../../services/types.js";
import type { Arguments } from "../../open-client.js";
import { whole } from "../../read-flags.js";
import { backgroundServices, startInBackground } from "../../../services/background/start.js";
import { showServices } from "./show.js";

const port = {
  type: "string",
  requiresArg: true,
  defaultDescription: "as at the last start, or the usual one",
} as const;

export const startServicesCommand: CommandModule = {
  command: "start",
  describe: "Bring up a private MongoDB and Redis in the background",
  builder: (yargs) =>
    yargs
      .option("temporary", { type: "boolean", describe: "Keep no data beyond their end" })
      .option("mongo-port", { ...port, describe: "Port of MongoDB" })
      .option("redis-port", { ...port, describe: "Port of Redis" })
      .option("json", { type: "boolean", describe: "Print JSON" })
      .example("$0 services start", "they go on until `tandemq services stop`")
      .example("$0 services start --redis-port 6380", "where another Redis has the usual port"),
  handler: async (argv) => {
    const temporary = argv["temporary"] === true;
    const ports = (await backgroundServices()) ? {} : await portsOf(argv);
    const { started, services } = await startInBackground({
      temporary,
      ports,
      onProgress: (line) => console.error(line),
    });
    if (!started) console.error("they already run");
    showServices(services, argv["json"] === true);
  },
};

/** @throws InvalidOptionError for a port that cannot be, or that somebody has */
async function portsOf(argv: Arguments): Promise<Ports> {
  const [mongo, redis] = [await portOf(argv, "mongo-port"), await portOf(argv, "redis-port")];
  if (mongo !== undefined && mongo === redis)
    throw new InvalidOptionError("--redis-port: MongoDB is to have this port");
  return { ...(mongo === undefined ? {} : { mongo }), ...(redis === undefined ? {} : { redis }) };
}

async function portOf(argv: Arguments, name: string): Promise<number | undefined> {
  const wanted = whole(argv, name, 1, 65_535);
  if (wanted === undefined || (await freePort(wanted)) === wanted) return wanted;
  throw new InvalidOptionError(
    `--${name}: port ${wanted} of 127.0.0.1 cannot be had: another server has it, or it is reserved`,
  );
}
