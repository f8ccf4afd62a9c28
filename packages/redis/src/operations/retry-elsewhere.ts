import type { RetryOutcome, SettleAnswer, Settlement } from "@tandemq/core";
import type { BrokerContext } from "../broker-context.js";
import type { Looked } from "../entry/read-job.js";
import { withoutKey } from "../entry/write-entry.js";
import { pastAfterRetry } from "../entry/write-past.js";
import { look, receive, settle } from "../generated/lua.js";
import { rankStep, rememberSettled, settledBits } from "../keys.js";
import { extend } from "./extend.js";
import { noteName } from "./queue-names.js";

export type Departure = Settlement & { readonly outcome: RetryOutcome & { readonly queue: string } };

/** Whether the settlement puts its job into another queue. */
export function isDeparture({ queue, outcome }: Settlement): boolean {
  return outcome.status === "retry" && outcome.queue !== undefined && outcome.queue !== queue;
}

/**
 * Retries a job in another queue, whose keys may stand on another server: while the delivery is held, the job is added
 * to the new queue, and only then it leaves the old one. A death in between leaves it in both. Asked again after its end,
 * it is told so by the token.
 */
export async function retryElsewhere(context: BrokerContext, departure: Departure): Promise<SettleAnswer> {
  const { id, queue, token, outcome } = departure;
  if (!/^\S+\.\d{1,15}$/.test(token)) return { state: "lost" };
  const [held] = await extend(context, [departure], 2 * context.connections.deadline);
  if (held === "extended") {
    const { connections, keys } = context;
    const [now, job] = (await connections.run("worker", look, keys.queue(queue).of(look), [id])) as [number, Looked];
    if (job[3].startsWith(`${token} `)) await arrive(context, departure, job, now);
  }
  return leave(context, { id, queue, token }, outcome.queue);
}

async function arrive(context: BrokerContext, { id, outcome }: Departure, job: Looked, now: number): Promise<void> {
  const { connections, keys } = context;
  const [, entry, past, held] = job;
  const { queue, delay, error } = outcome;
  const { text, rank, priority } = reprioritized(entry, held.split(" ")[1] ?? "0", outcome.priority);
  const after = pastAfterRetry(past, held, now, error === undefined ? "" : JSON.stringify(error));
  await noteName(context, queue);
  const due = `+${Math.max(0, Math.round(delay))}`;
  const arriving = [keys.wake, queue, id, text, after, "retry", due, rank, priority];
  await connections.run("worker", receive, keys.queue(queue).of(receive), arriving);
}

/** The entry with its new priority, and its rank with it; its key stays behind. */
function reprioritized(entry: string, rank: string, wanted: number | undefined) {
  const end = entry.indexOf("\n");
  const [queuedAt = "", generation = "", old = "0"] = entry.slice(0, end).split(" ");
  const [head = "", ...params] = entry.slice(end + 1).split("\n");
  const priority = wanted ?? Number(old);
  return {
    text: `${queuedAt} ${generation} ${priority}\n${[withoutKey(head), ...params].join("\n")}`,
    rank: (Number(rank) + (Number(old) - priority) * rankStep).toFixed(0),
    priority,
  };
}

async function leave(
  { connections, keys, board, cold }: BrokerContext,
  { id, queue, token }: Pick<Settlement, "id" | "queue" | "token">,
  target: string,
): Promise<SettleAnswer> {
  const dot = token.lastIndexOf(".");
  const [session, number] = [token.slice(0, dot), token.slice(dot + 1)];
  const block = Math.floor(Number(number) / settledBits);
  const own = keys.queue(queue).ofSession(settle, "settled", `${session}:${block}`);
  const lost = (await connections.run("worker", settle, own, [
    session,
    rememberSettled,
    0,
    "retry",
    id,
    `${number},`,
  ])) as number[];
  cold.warm([target]);
  board.wake([target]);
  return { state: lost.length > 0 ? "lost" : "settled" };
}
