import { type JobSettings, NotSupportedError, type Source } from "@tandemq/core";
import type { Config } from "../config/config.js";
import { ruleOf } from "../config/queue-rules.js";

/** What the configuration says for the jobs of each queue; nothing at all where no queue says anything. */
export function settingsOfQueues(queues: Config["queues"]): Pick<Source, "settingsOf"> {
  if (!Object.values(queues).some(({ timeout, hardTimeout }) => (timeout ?? hardTimeout) !== undefined)) return {};
  const known = new Map<string, JobSettings>();
  return {
    settingsOf: (queue) => {
      const settings = known.get(queue) ?? settingsOf(queues, queue);
      known.set(queue, settings);
      return settings;
    },
  };
}

/** @throws NotSupportedError when a queue has a hard limit and the worker no process to kill */
export function refuseHardLimits(queues: Config["queues"], processes: number): void {
  const names = processes > 0 ? [] : Object.keys(queues).filter((name) => queues[name]?.hardTimeout !== undefined);
  if (names.length === 0) return;
  throw new NotSupportedError(
    `these queues have a hardTimeout, which needs child processes: ${names.join(", ")}; start the worker with --processes 1 or more, or leave the option out`,
  );
}

function settingsOf(queues: Config["queues"], queue: string): JobSettings {
  const { timeout, hardTimeout } = ruleOf(queues, queue) ?? {};
  return { ...(timeout === undefined ? {} : { timeout }), ...(hardTimeout === undefined ? {} : { hardTimeout }) };
}
