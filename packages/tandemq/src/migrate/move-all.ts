import { type ActionRefusal, type Broker, handOver, type JobId } from "@tandemq/core";

const batchSize = 1000;
const waiting = ["queued", "retry", "interrupt"] as const;

export interface MoveReport {
  readonly moved: number;
  /** Jobs that were left where they are, by reason. */
  readonly left: Readonly<Partial<Record<ActionRefusal, number>>>;
}

/** Moves every waiting job of a queue, the first in line first. What is refused stays at the head, and is passed over. */
export async function moveAll(
  from: Broker,
  to: Broker,
  queue: string,
  onProgress: (moved: number, found: number) => void = () => undefined,
): Promise<MoveReport> {
  const counts = (await from.counts([queue])).get(queue);
  const found = waiting.reduce((sum, status) => sum + (counts?.[status] ?? 0), 0);
  const refused = new Map<JobId, ActionRefusal>();
  for (let moved = 0; ; onProgress(moved, found)) {
    const head = await from.find({ queue, order: "head", limit: batchSize + refused.size });
    const next = head.filter(({ id }) => !refused.has(id));
    if (next.length === 0) return { moved, left: countsOf(head.flatMap(({ id }) => refused.get(id) ?? [])) };
    const answers = await handOver(from, { broker: to, queue }, next);
    answers.forEach((answer, i) => {
      if (answer === "done") moved += 1;
      else refused.set(next[i]!.id, answer);
    });
  }
}

function countsOf(refusals: readonly ActionRefusal[]): MoveReport["left"] {
  const left: Partial<Record<ActionRefusal, number>> = {};
  for (const refusal of refusals) left[refusal] = (left[refusal] ?? 0) + 1;
  return left;
}
