import { limitKeys } from "@tandemq/core";
import type { Execution } from "./execution.js";

/**
 * Third step, of a job that was enqueued without its task's code: the keys of its limits, where only that code can tell
 * them. The run ends here, and begins when the supervisor has asked the limits.
 *
 * @throws InvalidParamsError when a key cannot be computed of the params
 */
export function computeLimitKeys({ job, task, params }: Execution): readonly (string | null)[] | undefined {
  if (!task?.limits || !params || job.settings.limitKeys) return undefined;
  return limitKeys(task.limits, params);
}
