import type { ClaimRequest } from "@tandemq/core";
import type { BrokerContext } from "../broker-context.js";
import { findWork } from "./find-work.js";

/** The queues that a claim asks: those of many that may have work, and are in no paused tree. */
export async function worthAsking(context: BrokerContext, { queues, inOrder }: ClaimRequest): Promise<string[]> {
  const { board, cold, trees } = context;
  if (cold.isLookDue(queues)) {
    board.beginClaim(queues);
    const { doubts } = cold;
    const finding = await findWork(context, queues);
    cold.looked(finding, doubts);
    for (const [queue, wait] of finding.waits) if (wait > 0) board.dueIn(queue, wait);
  }
  const worth = cold.worthAsking(queues, inOrder);
  board.beginClaim(worth);
  const open = await trees.open(worth);
  if (open.length < worth.length) cool(context, worth, new Set(open));
  return [...open];
}

/** Queues of paused trees count as asked: they are told of when they are resumed. */
function cool({ cold, board }: BrokerContext, asked: readonly string[], open: ReadonlySet<string>): void {
  for (const queue of asked) if (!open.has(queue)) cold.emptied(queue, -1, board.mayHaveWork(queue));
}
