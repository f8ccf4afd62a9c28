import { defaults, isGiveBack, isRetry, isSuccess, type SettleAnswer, type Settlement } from "@tandemq/core";
import { type BrokerContext, mostBytes, mostJobs } from "../broker-context.js";
import { fail, type LuaScript, putBack, settle as settleScript } from "../generated/lua.js";
import { settledBits } from "../keys.js";

/** How long a repeated settlement of a job that is gone is still answered `settled`, ms. */
const rememberFor = 600_000;

const settled: SettleAnswer = { state: "settled" };
const lost: SettleAnswer = { state: "lost" };

/** Settlements that one script call can take: of one queue, one session, and one key of settled tokens. */
interface Batch {
  readonly script: LuaScript;
  readonly queue: string;
  readonly session: string;
  readonly block: number;
  readonly positions: number[];
  readonly args: (string | number)[];
  bytes: number;
}

/** Ends deliveries, in as few script calls as their queues and outcomes allow. */
export async function settle(context: BrokerContext, settlements: readonly Settlement[]): Promise<SettleAnswer[]> {
  const answers: SettleAnswer[] = new Array<SettleAnswer>(settlements.length).fill(settled);
  const batches: Batch[] = [];
  settlements.forEach((settlement, position) => {
    const refusal = addTo(batches, context, settlement, position);
    if (refusal) answers[position] = refusal;
  });
  await Promise.all(batches.map((batch) => send(context, batch, answers)));
  return answers;
}

/** Adds the settlement to the batch it belongs to; answers at once where no store needs to be asked. */
function addTo(
  batches: Batch[],
  context: BrokerContext,
  settlement: Settlement,
  position: number,
): SettleAnswer | undefined {
  const { id, queue, token } = settlement;
  const dot = token.lastIndexOf(".");
  const number = token.slice(dot + 1);
  if (dot < 1 || !/^\d{1,15}$/.test(number) || /\s/.test(token)) return lost;
  try {
    const { script, args, bytes } = describe(context, settlement);
    const batch = batchFor(
      batches,
      script,
      queue,
      token.slice(0, dot),
      Math.floor(Number(number) / settledBits),
      bytes,
    );
    batch.positions.push(position);
    batch.args.push(id, number, ...args);
    batch.bytes += bytes;
    return undefined;
  } catch (error) {
    return { state: "refused", error: error instanceof Error ? error : new Error(String(error)) };
  }
}

function batchFor(
  batches: Batch[],
  script: LuaScript,
  queue: string,
  session: string,
  block: number,
  bytes: number,
): Batch {
  for (let i = batches.length - 1; i >= 0; i--) {
    const batch = batches[i] as Batch;
    const fits = batch.positions.length < mostJobs && batch.bytes + bytes <= mostBytes;
    const same = batch.script === script && batch.queue === queue && batch.block === block && batch.session === session;
    if (same && fits) return batch;
  }
  const batch: Batch = { script, queue, session, block, positions: [], args: [], bytes: 0 };
  batches.push(batch);
  return batch;
}

interface Description {
  readonly script: LuaScript;
  /** The script's arguments for this delivery, after id and token number. */
  readonly args: readonly (string | number)[];
  readonly bytes: number;
}

function describe({ failures }: BrokerContext, { outcome, keep = defaults.keepFailures }: Settlement): Description {
  if (isSuccess(outcome)) return success;
  if (isGiveBack(outcome)) return { script: putBack, args: [outcome.lost ? "lost" : "interrupt", 0, ""], bytes: 0 };
  const error = outcome.error === undefined ? "" : JSON.stringify(outcome.error);
  if (isRetry(outcome)) return { script: putBack, args: ["retry", outcome.delay, error], bytes: error.length };
  if (failures === 0) return { script: settleScript, args: [outcome.status], bytes: 0 };
  return { script: fail, args: [outcome.status, keep, error], bytes: error.length };
}

const success: Description = { script: settleScript, args: ["success"], bytes: 0 };

async function send(context: BrokerContext, batch: Batch, answers: SettleAnswer[]): Promise<void> {
  const { script, queue, session, block, positions, args } = batch;
  const keys = context.keys.queue(queue).ofSession(script, "settled", `${session}:${block}`);
  const reply = await context.connections.run("worker", script, keys, [...heading(context, batch), ...args]);
  const states = reply as (number | string)[];
  if (script === fail) states.forEach((state, i) => state === "lost" && (answers[positions[i] as number] = lost));
  else for (const one of states) answers[positions[Number(one) - 1] as number] = lost;
  if (script === putBack) noteDue(context, queue, args);
}

function heading({ keys, counts, failures }: BrokerContext, { script, queue, session }: Batch): (string | number)[] {
  if (script === putBack) return [keys.wake, queue, session];
  const counted = counts ? 1 : 0;
  return script === fail ? [session, rememberFor, counted, failures] : [session, rememberFor, counted];
}

/** This process need not wait for a wake-up to know when what it put back comes due. */
function noteDue({ board, cold }: BrokerContext, queue: string, args: readonly (string | number)[]): void {
  let earliest = Number.POSITIVE_INFINITY;
  for (let i = 3; i < args.length; i += 5) earliest = Math.min(earliest, Number(args[i]));
  cold.warm([queue]);
  if (earliest > 0) board.dueIn(queue, earliest);
  else board.wake([queue]);
}
