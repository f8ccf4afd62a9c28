import { InvalidOptionError, type Source } from "@tandemq/core";
import type { WorkerSettings } from "../options.js";

/**
 * Queues of different modes are asked side by side: an order among them is not kept, and so is refused.
 *
 * @throws InvalidOptionError
 */
export function refuseMixture(sources: readonly Source[], { strategy }: Pick<WorkerSettings, "strategy">): void {
  const modes = sources.filter((source) => source.queues().length > 0).map(({ name }) => name);
  if (strategy === "roundRobin" || modes.length < 2) return;
  throw new InvalidOptionError(
    `worker: strategy: "${strategy}" needs queues of one mode, these are ${modes.join(" and ")}: use one worker for each`,
  );
}
