import { type Claim, type ClaimAnswer, type ClaimRequest, dealt, type SetAside } from "@tandemq/core";
import { type BrokerContext, mostJobs } from "../broker-context.js";
import { zaddbyscore } from "../generated/lua.js";
import { type ClaimReply, readClaims, readIds } from "./read-claims.js";
import { filterArguments, noteLookedTo } from "./filtered.js";
import { settle } from "./settle.js";
import { worthAsking } from "./worth-asking.js";

/** Bytes of entries after which one script call takes no more jobs. */
const mostClaimedBytes = 8_388_608;

interface Gathered {
  readonly claims: Claim[];
  readonly setAside: SetAside[];
}

/**
 * Hands out due jobs: one script call for each queue that may have some. The free places are shared out between the queues, beginning with
 * another one at each claim; what one queue leaves free, those with more work get in a next round.
 *
 * Rejects only when nothing was claimed: jobs of a queue that answered are never dropped for one that did not.
 */
export async function claim(context: BrokerContext, request: ClaimRequest): Promise<ClaimAnswer> {
  const gathered: Gathered = { claims: [], setAside: [] };
  let open = await worthAsking(context, request);
  while (open.length > 0 && gathered.claims.length < request.max) {
    const { full, failure } = await claimRound(context, request, open, gathered);
    if (failure !== undefined && gathered.claims.length > 0) break;
    if (failure !== undefined) throw failure;
    open = full;
  }
  if (open.length > 0) context.board.wake(open);
  return gathered;
}

interface Round {
  /** Queues that may have more. */
  readonly full: string[];
  readonly failure: Error | undefined;
}

async function claimRound(
  context: BrokerContext,
  request: ClaimRequest,
  open: string[],
  gathered: Gathered,
): Promise<Round> {
  const left = request.max - gathered.claims.length;
  const asked = open.slice(0, request.inOrder ? 1 : left);
  const shares = asked.map((_, i) => Math.min(mostJobs, Math.ceil((left - i) / asked.length)));
  const rounds = await Promise.allSettled(asked.map((queue, i) => claimFrom(context, request, queue, shares[i] ?? 1)));
  const full = open.slice(asked.length);
  const lists: (readonly Claim[])[] = [];
  let failure: Error | undefined;
  rounds.forEach((round, i) => {
    if (round.status === "rejected") {
      failure = toError(round.reason);
      return;
    }
    const queue = asked[i] as string;
    const { claims, setAside, more } = round.value;
    if (claims.length > 0) context.cold.turns.served(queue);
    lists.push(claims);
    gathered.setAside.push(...setAside);
    if (more) full[request.inOrder ? "unshift" : "push"](queue);
  });
  for (const one of dealt(lists)) gathered.claims.push(one);
  return { full, failure };
}

function toError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(String(reason));
}

async function claimFrom(
  context: BrokerContext,
  { worker, lease, paths, keepsKeys = false }: ClaimRequest,
  queue: string,
  max: number,
): Promise<Gathered & { more: boolean }> {
  const session = context.sessions.of(worker);
  const keys = context.keys.queue(queue).ofSession(zaddbyscore, "session", session.id);
  return session.claim(queue, max, async ({ first, size }) => {
    const filter = filterArguments(context, queue, { ...(paths && { paths }), keepsKeys });
    const args = [size, lease, session.id, first, mostClaimedBytes, ...filter];
    const ask = async () => (await context.connections.run("worker", zaddbyscore, keys, args)) as ClaimReply;
    const reply = await ask();
    const unseen = noteLookedTo(context, queue, reply[5]);
    const { ids, exact } = await idsOf(reply, ask);
    const { claims, setAside } = await readClaims(context, queue, `${session.id}.`, first, ids, exact);
    const more = ids.length >= size || unseen;
    if (!more) noteEnd(context, queue, reply[1]);
    await giveBack(context, claims.splice(max));
    return { taken: ids.length, value: { claims, setAside, more } };
  });
}

/** Ids that came as one text and cannot be told apart are asked for again: a repeated answer names them one by one. */
async function idsOf(
  reply: ClaimReply,
  ask: () => Promise<ClaimReply>,
): Promise<{ ids: readonly string[]; exact: ClaimReply }> {
  const ids = readIds(reply[2], reply[3].length);
  if (ids) return { ids, exact: reply };
  const exact = await ask();
  return { ids: readIds(exact[2], exact[3].length) ?? [], exact };
}

function noteEnd({ board, cold }: BrokerContext, queue: string, wait: number): void {
  cold.emptied(queue, wait, board.mayHaveWork(queue));
  if (wait >= 0) board.dueIn(queue, wait);
}

/** A repeated claim may get more jobs than it asks for this time. */
async function giveBack(context: BrokerContext, surplus: readonly Claim[]): Promise<void> {
  if (surplus.length === 0) return;
  await settle(
    context,
    surplus.map(({ id, queue, token }) => ({ id, queue, token, outcome: { status: "interrupt" } })),
  );
}
