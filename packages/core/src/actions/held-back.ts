import type { Job, JobRef } from "../model/job.js";
import type { Broker } from "../ports/broker.js";

/**
 * Whether a limit holds the job back: its last delivery left no run behind. Of a Redis job that once put itself off (`snooze`)
 * and that a limit has held back since, it is not known.
 */
export function isHeldBack({ status, deliveries, history, startedAt }: Job): boolean {
  const last = history.at(-1);
  const isOwn = last?.status === "interrupt" && last.startedAt?.getTime() === startedAt?.getTime();
  return status === "interrupt" && deliveries > history.length && !isOwn;
}

/**
 * Jobs that a limit holds back stand in its line by the name of their old queue, where nobody finds them any more: they
 * come due now and ask anew.
 */
export async function askAnew(broker: Broker, queue: string, moved: readonly JobRef[]): Promise<void> {
  const filter = { queue, ids: moved.map(({ id }) => id), status: ["interrupt"] as const, limit: moved.length };
  const held = (moved.length === 0 ? [] : await broker.find(filter)).filter(isHeldBack);
  if (held.length > 0) await broker.edit(held, { due: { after: 0 } });
}
