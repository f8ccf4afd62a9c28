import { type JobSettings, NotSupportedError } from "@tandemq/core";
import type { Catalog } from "../tasks/task-registry.js";

/**
 * For a worker without child processes.
 * @throws NotSupportedError naming the tasks whose options only a child process can keep
 */
export function refuseChildTasks(catalog: Catalog): void {
  const needing = Object.entries(catalog).flatMap(([path, settings]) => {
    const option = childOption(settings);
    return option ? [`${path} (${option})`] : [];
  });
  if (needing.length > 0) throw needsChildren(`these tasks need child processes: ${needing.join(", ")}`);
}

/** Why a job cannot run in a worker without child processes; `undefined` when it can. */
export function refusalOf(settings: JobSettings): NotSupportedError | undefined {
  const option = childOption(settings);
  return option && needsChildren(`the job's ${option} needs child processes`);
}

function childOption({ hardTimeout, isolate }: JobSettings): "hardTimeout" | "isolate" | undefined {
  if (hardTimeout !== undefined) return "hardTimeout";
  return isolate === true ? "isolate" : undefined;
}

function needsChildren(what: string): NotSupportedError {
  return new NotSupportedError(
    `${what}, and this worker has none: start it with --processes 1 or more, or leave the option out`,
  );
}
