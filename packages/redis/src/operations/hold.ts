import type { HoldAnswer, JobRef } from "@tandemq/core";
import { type BrokerContext, pieces } from "../broker-context.js";
import { take } from "./take.js";

/** So many calls go out together. */
const most = 500;

/** Holds waiting jobs for whoever ends them elsewhere. */
export async function hold(context: BrokerContext, refs: readonly JobRef[]): Promise<HoldAnswer[]> {
  const answers: HoldAnswer[] = [];
  for (const some of pieces(refs, most)) answers.push(...(await Promise.all(some.map((ref) => holdOne(context, ref)))));
  return answers;
}

async function holdOne(context: BrokerContext, ref: JobRef): Promise<HoldAnswer> {
  const { taken, token } = await take(context, ref);
  return taken[0] === "done" ? { token } : taken[0];
}
