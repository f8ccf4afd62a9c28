import { type ActionAnswer, type ActionRefusal, type Broker, handOver } from "@tandemq/core";

const batchSize = 1000;
const waiting = ["queued", "retry", "interrupt"] as const;

export interface MoveReport {
  readonly moved: number;
  /** Jobs that were left where they are, by reason. */
  readonly left: Readonly<Partial<Record<ActionRefusal, number>>>;
}

/** Moves every waiting job of a queue, the first in line first. What is moved leaves the head; what is refused stays there. */
export async function moveAll(
  from: Broker,
  to: Broker,
  queue: string,
  onProgress: (moved: number, found: number) => void = () => undefined,
): Promise<MoveReport> {
  const counts = (await from.counts([queue])).get(queue);
  const found = waiting.reduce((sum, status) => sum + (counts?.[status] ?? 0), 0);
  for (let moved = 0; ; onProgress(moved, found)) {
    const head = await from.find({ queue, order: "head", limit: batchSize });
    const answers = await handOver(from, { broker: to, queue }, head);
    const done = answers.filter((answer) => answer === "done").length;
    moved += done;
    if (done === 0) return { moved, left: countsOf(answers) };
  }
}

function countsOf(answers: readonly ActionAnswer[]): MoveReport["left"] {
  const left: Partial<Record<ActionRefusal, number>> = {};
  for (const answer of answers) if (answer !== "done") left[answer] = (left[answer] ?? 0) + 1;
  return left;
}
