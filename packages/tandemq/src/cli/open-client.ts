import { Client } from "@tandemq/core";
import { loadConfig } from "../config/load-config.js";
import { createDeployment } from "../modes/create-deployment.js";
import { givenFlags } from "./config-flags.js";

export type Arguments = Readonly<Record<string, unknown>>;

/** The configuration in force for a command. */
export function loadForCommand(argv: Arguments): ReturnType<typeof loadConfig> {
  const file = typeof argv["config"] === "string" ? { file: argv["config"] } : {};
  return loadConfig({ flags: givenFlags(argv), ...file });
}

/** Runs `use` with a connected client and closes it afterwards, whatever happens. */
export async function withClient<T>(argv: Arguments, use: (client: Client) => Promise<T>): Promise<T> {
  const { config } = await loadForCommand(argv);
  const deployment = createDeployment(config, { warn: (message) => console.error(`warning: ${message}`) });
  try {
    await deployment.start();
    await using client = new Client(deployment, { taskRules: config.taskOptions, redact: config.redact });
    return await use(client);
  } finally {
    await deployment.close();
  }
}
