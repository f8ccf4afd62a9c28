import { Client, type Deployment, loadMiddleware } from "@tandemq/core";
import type { Config } from "../config/config.js";
import { loadConfig } from "../config/load-config.js";
import { createDeployment } from "../modes/create-deployment.js";
import { givenFlags } from "./config-flags.js";
import { text } from "./read-flags.js";

export type Arguments = Readonly<Record<string, unknown>>;

/** The configuration in force for a command. */
export function loadForCommand(argv: Arguments): ReturnType<typeof loadConfig> {
  const file = text(argv, "config");
  return loadConfig({ flags: givenFlags(argv), ...(file === undefined ? {} : { file }) });
}

/** Runs `use` with a connected client and closes it afterwards, whatever happens. */
export async function withClient<T>(argv: Arguments, use: (client: Client) => Promise<T>): Promise<T> {
  return withDeployment(argv, async (deployment, { taskOptions, redact }) => {
    await using client = new Client(deployment, { taskRules: taskOptions, redact });
    return await use(client);
  });
}

/** As {@link withClient}, with the middleware that the configuration puts around every enqueue. */
export async function withProducer<T>(argv: Arguments, use: (client: Client) => Promise<T>): Promise<T> {
  return withDeployment(argv, async (deployment, { taskOptions, tasks }) => {
    const middleware = await loadMiddleware(tasks.middleware);
    await using client = new Client(deployment, { taskRules: taskOptions, middleware });
    return await use(client);
  });
}

/** Runs `use` with connected stores and closes them afterwards, whatever happens. */
export async function withDeployment<T>(
  argv: Arguments,
  use: (deployment: Deployment, config: Config) => Promise<T>,
): Promise<T> {
  const { config, warnings } = await loadForCommand(argv);
  for (const { path, message } of warnings) console.error(`warning: ${path ? `${path}: ` : ""}${message}`);
  const deployment = createDeployment(config, { warn: (message) => console.error(`warning: ${message}`) });
  try {
    await deployment.start();
    return await use(deployment, config);
  } finally {
    await deployment.close();
  }
}
