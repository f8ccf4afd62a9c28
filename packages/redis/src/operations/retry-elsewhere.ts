import { isOrderedByCaller, type RetryOutcome, type SettleAnswer, type Settlement } from "@tandemq/core";
import type { BrokerContext } from "../broker-context.js";
import type { Looked } from "../entry/read-job.js";
import { readBeginning } from "../entry/read-entry.js";
import { keyUntil, withoutKey, writeKey } from "../entry/write-entry.js";
import { pastAfterRetry } from "../entry/write-past.js";
import { look, settle } from "../generated/lua.js";
import { rankStep, rememberSettled, settledBits } from "../keys.js";
import { extend } from "./extend.js";
import { type Arrival, receive } from "./receive.js";

export type Departure = Settlement & { readonly outcome: RetryOutcome & { readonly queue: string } };

/** Whether the settlement puts its job into another queue. */
export function isDeparture({ queue, outcome }: Settlement): boolean {
  return outcome.status === "retry" && outcome.queue !== undefined && outcome.queue !== queue;
}

/**
 * Retries a job in another queue, whose keys may stand on another server: while the delivery is held, the job is added
 * to the new queue, and only then it leaves the old one. A death in between leaves it in both. Asked again after its end,
 * it is told so by the token.
 *
 * @returns undefined where an earlier delivery, which sent the job here, has yet to leave the new queue: were this one to
 *   leave, too, the job would be lost
 */
export async function retryElsewhere(context: BrokerContext, departure: Departure): Promise<SettleAnswer | undefined> {
  const { id, queue, token, outcome } = departure;
  if (!/^\S+\.\d{1,15}$/.test(token)) return { state: "lost" };
  const [held] = await extend(context, [departure], 2 * context.connections.deadline);
  if (held === "extended") {
    const { connections, keys } = context;
    const [now, job] = (await connections.run("worker", look, keys.queue(queue).of(look), [id])) as [number, Looked];
    if (job[3].startsWith(`${token} `) && !(await arrive(context, departure, job, now))) return undefined;
  }
  return leave(context, { id, queue, token }, outcome.queue);
}

/** With its unique key, unless that is another's there: the job must run, and gives it up. */
async function arrive(context: BrokerContext, { id, outcome }: Departure, job: Looked, now: number): Promise<boolean> {
  const [, entry, past, held] = job;
  const { queue, delay, error } = outcome;
  const arrival: Arrival = {
    ...{ id, status: "retry", due: `+${Math.max(0, Math.round(delay))}` },
    past: pastAfterRetry(past, held, now, error === undefined ? "" : JSON.stringify(error)),
    ...reprioritized(
      entry,
      held.split(" ")[1] ?? "0",
      isOrderedByCaller(context.shapeOf(queue)) ? undefined : outcome.priority,
    ),
  };
  let [received] = await receive(context, queue, [arrival], { kind: "worker" });
  if (received === "keyTaken") [received] = await receive(context, queue, [keyless(arrival)], { kind: "worker" });
  return received !== "leaving";
}

/** The entry with its new priority, its rank with it, and the key that is taken until its end. */
function reprioritized(
  text: string,
  rank: string,
  wanted: number | undefined,
): Pick<Arrival, "entry" | "rank" | "priority" | "key" | "keyUntil"> {
  const beginning = readBeginning(text);
  const { queuedAt, generation, priority: old, head } = beginning;
  const priority = wanted ?? old;
  return {
    entry: `${queuedAt} ${generation} ${priority}${text.slice(text.indexOf("\n"))}`,
    rank: (Number(rank) + (old - priority) * rankStep).toFixed(0),
    priority,
    key: head.key?.until === "finish" ? writeKey(head) : "",
    keyUntil: keyUntil(beginning),
  };
}

function keyless(arrival: Arrival): Arrival {
  const [first = "", head = "", ...params] = arrival.entry.split("\n");
  return { ...arrival, entry: [first, withoutKey(head), ...params].join("\n"), key: "" };
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
    "moved",
    id,
    `${number},`,
  ])) as number[];
  cold.warm([target]);
  board.wake([target]);
  return { state: lost.length > 0 ? "lost" : "settled" };
}
