import { encodeParams, type FailureOutcome, type SuccessOutcome } from "@tandemq/core";
import { type LoadOptions, loadConfig } from "./config/load-config.js";

/**
 * Runs a task here and now, without any store, and tells how it ended. Its log lines go to standard error.
 *
 * @throws ConfigError, InvalidParamsError
 */
export async function runTask(
  path: string,
  params: object,
  options: LoadOptions = {},
): Promise<SuccessOutcome | FailureOutcome> {
  const { config } = await loadConfig({ ...options, storeless: true });
  const { runHere } = await import("@tandemq/worker");
  const { pino } = await import("pino");
  const logger = pino({ name: "tandemq", level: config.logLevel }, pino.destination({ dest: 2, sync: true }));
  const tasks = { ...config.tasks, rules: config.taskOptions };
  const outcome = await runHere(path, encodeParams(params), tasks, logger);
  if (outcome.status === "retry" || outcome.status === "interrupt")
    throw new Error(`a single run ended as ${outcome.status}`);
  return outcome;
}
