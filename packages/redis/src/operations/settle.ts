import type { SettleAnswer, Settlement } from "@tandemq/core";
import type { BrokerContext } from "../broker-context.js";
import type { Argument } from "../connection/connections.js";
import { rememberSettled as rememberFor } from "../keys.js";
import { again, fail, putBack, settle as settleScript } from "../generated/lua.js";
import { type Departure, isDeparture, retryElsewhere } from "./retry-elsewhere.js";
import { addToBatches, type SettleBatch } from "./settle-batch.js";

const settled: SettleAnswer = { state: "settled" };
const lost: SettleAnswer = { state: "lost" };

/** Ends deliveries, in as few script calls as their queues and outcomes allow. */
export async function settle(context: BrokerContext, settlements: readonly Settlement[]): Promise<SettleAnswer[]> {
  const answers = settlements.map(() => settled);
  const batches: SettleBatch[] = [];
  const departures: number[] = [];
  settlements.forEach((settlement, position) => {
    if (isDeparture(settlement)) return departures.push(position);
    try {
      if (!addToBatches(batches, settlement, position, context)) answers[position] = lost;
    } catch (error) {
      answers[position] = { state: "refused", error: error instanceof Error ? error : new Error(String(error)) };
    }
  });
  if (batches.some(({ script }) => script === putBack)) context.cold.turns.cameBack(settlements);
  await Promise.all(batches.map((batch) => send(context, batch, answers)));
  for (const position of departures) {
    answers[position] = await endDeparture(context, settlements[position] as Departure);
  }
  return answers;
}

/** A job that cannot go is retried where it is: its task may send it again. */
async function endDeparture(context: BrokerContext, departure: Departure): Promise<SettleAnswer> {
  const { queue: _, ...staying } = departure.outcome;
  const answer = await retryElsewhere(context, departure);
  return answer ?? (await settle(context, [{ ...departure, outcome: staying }]))[0] ?? lost;
}

async function send(context: BrokerContext, batch: SettleBatch, answers: SettleAnswer[]): Promise<void> {
  const { script, queue, session, block, positions } = batch;
  const keys = context.keys.queue(queue).ofSession(script, "settled", `${session}:${block}`);
  const reply = await context.connections.run("worker", script, keys, argumentsOf(context, batch));
  for (const position of lostOf(batch, reply)) answers[positions[position] as number] = lost;
  if (script === putBack || script === again) wake(context, queue);
}

function argumentsOf({ keys, counts, failures }: BrokerContext, batch: SettleBatch): Argument[] {
  const { script, status, queue, session, ids, numbers } = batch;
  const counted = counts ? 1 : 0;
  if (script === settleScript) return [session, rememberFor, counted, status, ids.join(""), `${numbers.join(",")},`];
  const each = ids.flatMap((id, i) => [id, numbers[i] ?? "", ...(batch.details[i] ?? [])]);
  if (script === fail) return [session, rememberFor, counted, failures, ...each];
  if (script === again) return [keys.wake, queue, session, rememberFor, counted, failures, ...each];
  return [keys.wake, queue, session, ...each];
}

/** Positions within the batch: `fail` answers for each job, the others name those that are lost, from 1. */
function lostOf({ script }: SettleBatch, reply: unknown): number[] {
  if (script !== fail) return (reply as number[]).map((one) => one - 1);
  return (reply as string[]).flatMap((state, i) => (state === "lost" ? [i] : []));
}

/** Others are woken by the script; this process need not wait to hear it. Its next claim tells when the next comes due. */
function wake({ board, cold }: BrokerContext, queue: string): void {
  cold.warm([queue]);
  board.wake([queue]);
}
