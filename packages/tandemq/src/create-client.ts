import { Client, loadMiddleware, type Middleware } from "@tandemq/core";
import type { UserConfig } from "./config/config.js";
import { type LoadOptions, loadConfig } from "./config/load-config.js";
import { createDeployment } from "./modes/create-deployment.js";

export interface CreateClientOptions extends Omit<LoadOptions, "config" | "flags" | "storeless"> {
  /** Told what the stores' layout takes away. Default: a line on standard error. */
  readonly warn?: (message: string) => void;
  /** The client shows jobs to people: what the configuration redacts is left out of all that it shows. Default: false. */
  readonly redact?: boolean;
  /** Around every enqueue, inside of what the configuration names. Default: none. */
  readonly middleware?: readonly Middleware[];
}

/**
 * A connected client.
 *
 * @param config the configuration; left out, `tandemq.config.js` is found from the working directory upward
 *
 * @throws ConfigError with all mistakes at once
 * @throws BrokerUnavailableError naming the store that cannot be reached
 */
export async function createClient(config?: UserConfig, options: CreateClientOptions = {}): Promise<Client> {
  const { middleware: own = [], redact: hides = false, warn, ...found } = options;
  const loaded = await loadConfig({ ...found, ...(config ? { config } : {}) });
  const deployment = createDeployment(loaded.config, {
    warn: warn ?? ((line) => console.error(`tandemq: ${line}`)),
  });
  try {
    await deployment.start();
    const middleware = await loadMiddleware(loaded.config.tasks.middleware);
    const { taskOptions: taskRules, redact } = loaded.config;
    return new Client(deployment, {
      ...{ taskRules, middleware: [...middleware, ...own] },
      ...(hides ? { redact } : {}),
    });
  } catch (error) {
    await deployment.close();
    throw error;
  }
}
