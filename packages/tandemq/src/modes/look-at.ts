import type { Broker, QueueLook, QueueMode, QueueRecord } from "@tandemq/core";
import type { Config } from "../config/config.js";
import { keepsResults, ruleOf } from "../config/queue-rules.js";

/** Queues as the store has them recorded, else as they are configured; those without a mode or a store are left out. */
export async function lookAt(
  names: readonly string[],
  recorded: readonly QueueRecord[],
  rules: Config["queues"],
  brokerOf: (mode: QueueMode) => Promise<Broker | undefined>,
): Promise<QueueLook[]> {
  const records = new Map(recorded.map((record) => [record.name, record]));
  const looks = names.map(async (queue): Promise<QueueLook | undefined> => {
    const rule = ruleOf(rules, queue);
    const { mode, kind } = records.get(queue) ?? rule ?? {};
    const broker = mode && (await brokerOf(mode));
    if (!mode || !kind || !broker) return undefined;
    return {
      queue,
      mode,
      kind,
      broker,
      keepsResults: keepsResults({ mode, store: rule?.store ?? [] }),
      configured: rule?.mode,
    };
  });
  return (await Promise.all(looks)).filter((look) => look !== undefined);
}
