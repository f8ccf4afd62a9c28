import type { ExtendAnswer, Hold } from "@tandemq/core";
import { type BrokerContext, groupBy, mostJobs, pieces } from "../broker-context.js";
import { extend as script } from "../generated/lua.js";

/** Pushes the due time of held deliveries to `lease` milliseconds from now. */
export async function extend(context: BrokerContext, holds: readonly Hold[], lease: number): Promise<ExtendAnswer[]> {
  const answers: ExtendAnswer[] = holds.map(() => "extended");
  const calls: Promise<void>[] = [];
  for (const [queue, positions] of groupBy(holds, (hold) => hold.queue)) {
    for (const piece of pieces(positions, mostJobs)) calls.push(send(context, queue, piece, holds, lease, answers));
  }
  await Promise.all(calls);
  return answers;
}

async function send(
  { connections, keys }: BrokerContext,
  queue: string,
  positions: readonly number[],
  holds: readonly Hold[],
  lease: number,
  answers: ExtendAnswer[],
): Promise<void> {
  const args: (string | number)[] = [lease];
  for (const position of positions) args.push(holds[position]?.id ?? "", holds[position]?.token ?? "");
  const lost = (await connections.run("worker", script, keys.queue(queue).of(script), args)) as number[];
  for (const one of lost) answers[positions[one - 1] as number] = "lost";
}
