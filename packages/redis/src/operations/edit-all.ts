import type { ChangeAnswer, JobChange, JobRef } from "@tandemq/core";
import { type BrokerContext, pieces } from "../broker-context.js";
import { edit } from "./change.js";
import { move } from "./move.js";

/** Changes under way at once: they share the way to the server. */
const atOnce = 250;

/** Changes waiting jobs, each in one step; those that change their queue are moved. */
export async function editAll(
  context: BrokerContext,
  refs: readonly JobRef[],
  change: JobChange,
): Promise<ChangeAnswer[]> {
  const answers: ChangeAnswer[] = [];
  for (const some of pieces(refs, atOnce)) {
    answers.push(...(await Promise.all(some.map((ref) => editOne(context, ref, change)))));
  }
  return answers;
}

function editOne(context: BrokerContext, ref: JobRef, change: JobChange): Promise<ChangeAnswer> {
  const moves = change.queue !== undefined && change.queue !== ref.queue;
  return moves ? move(context, ref, change) : edit(context, ref, change);
}
