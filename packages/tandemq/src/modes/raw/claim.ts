import {
  BrokerUnavailableError,
  type Claim,
  type ClaimAnswer,
  claimInTime,
  type ClaimRequest,
  type Hold,
  type Job,
  type JobRef,
  schemaVersion,
  type SetAside,
  type Settlement,
  toJobError,
} from "@tandemq/core";
import { malformedJobs } from "../malformed-jobs.js";
import type { RawContext } from "./context.js";
import { turnMembers } from "../members.js";
import { endEntries } from "./end-entries.js";
import { over } from "./over.js";

/** What became of a claim when its start was to be recorded; an error: the store cannot hold the job. */
type Start = "started" | "final" | Error;

/**
 * Claims entries. A job that may have a document is handed out when its start is recorded there; one that is over by its
 * document is not run: its entry is what a death between the stored outcome and the removal left behind. Of a job that
 * nobody ever claimed there is no document, and as long as the store takes writes its start can be recorded later.
 */
export async function claim(context: RawContext, request: ClaimRequest): Promise<ClaimAnswer> {
  const until = performance.now() + request.lease;
  const found = await claimEntries(context, request);
  const { claims, setAside } = found;
  if (setAside.length > 0) await recordAside(context, setAside);
  const [first, known] = context.health.good ? parted(claims) : [[], claims];
  const started = known.length > 0 ? await startKnown(context, known, first, request.worker, found) : nothing;
  if (!started) return { ...found, claims: [], more: true };
  handOut(context, first, request.worker, until, true);
  handOut(context, started.claims, request.worker, until, false);
  const inOrder = first.length === 0 ? started.claims : claims.filter((one) => context.held.get(one));
  return { ...found, claims: known.length > 0 ? inOrder : first, setAside: [...setAside, ...started.setAside] };
}

const nothing: ClaimAnswer = { claims: [], setAside: [] };

/** The first deliveries and the others. */
function parted(claims: readonly Claim[]): [first: readonly Claim[], known: readonly Claim[]] {
  if (claims.every(isFirst)) return [claims, []];
  return [claims.filter(isFirst), claims.filter((one) => !isFirst(one))];
}

/** Nobody can have written a document. In a timed queue the entry may be of a job that ended before. */
function isFirst({ deliveries, generation, seen, timed }: Claim): boolean {
  return deliveries === 1 && generation === 1 && !seen && !timed;
}

function handOut(
  { held, late }: RawContext,
  claims: readonly Claim[],
  worker: string,
  until: number,
  isLate: boolean,
): void {
  const since = performance.now();
  for (const one of claims) {
    const delivery = { claim: one, worker, since, until };
    held.add(delivery);
    if (isLate) late.add(delivery);
  }
}

/**
 * @param others go back with these when the store fails
 * @param found what the claim has done besides is told even then; the next one fails
 */
async function startKnown(
  context: RawContext,
  claims: readonly Claim[],
  others: readonly Claim[],
  worker: string,
  found: ClaimAnswer,
): Promise<ClaimAnswer | undefined> {
  const starts = await recordOrGiveBack(context, claims, others, worker).catch((error: unknown) => {
    if (found.setAside.length + (found.ended?.length ?? 0) === 0) throw error;
  });
  if (!starts) return undefined;
  const of = (kind: "started" | "final") => claims.filter((_, i) => starts[i] === kind);
  const refused = claims.flatMap((one, i) => (starts[i] instanceof Error ? [{ claim: one, error: starts[i] }] : []));
  await removeOver(context, of("final"));
  const setAside = await Promise.all(refused.map(({ claim: one, error }) => setOneAside(context, one, error)));
  return { claims: of("started"), setAside };
}

/** Entries that can run now: the expired are ended, members are turned into jobs. */
async function claimEntries(context: RawContext, request: ClaimRequest): Promise<ClaimAnswer> {
  const { live, factoryOf } = context;
  const end = (settlements: readonly Settlement[]) => endEntries(context, settlements);
  const asked = { claim: (some: ClaimRequest) => live.claim(some), get: (refs: readonly JobRef[]) => live.get(refs) };
  return turnMembers(await claimInTime({ ...asked, settle: end }, request), factoryOf, end);
}

/** What a death left behind: the entry of a timed queue goes on as its document says. */
export async function removeOver(context: RawContext, claims: readonly Claim[]): Promise<void> {
  const timed = claims.filter(({ queue }) => context.shapeOf(queue).kind === "timed");
  const documents = timed.length === 0 ? [] : await context.store.get(timed.map(({ id }) => id));
  const again = new Map(documents.map((document) => [document?.id, document?.again]));
  await removeQuietly(context, claims, ({ id }) => again.get(id));
}

/** Malformed entries are failed jobs. Their document is for the eye: the queue does not wait for a store that is away. */
async function recordAside({ store }: RawContext, setAside: readonly SetAside[]): Promise<void> {
  await store.record(malformedJobs(setAside)).catch(() => undefined);
}

/** Without the store nothing can start: the jobs go back to the front of the line, and the claim fails. */
async function recordOrGiveBack(
  { live, store, health }: RawContext,
  claims: readonly Claim[],
  others: readonly Claim[],
  worker: string,
): Promise<Start[]> {
  try {
    return await recordStarts(claims);
  } catch (error) {
    await live
      .settle([...claims, ...others].map((one) => ({ ...holdOf(one), outcome: { status: "interrupt" } })))
      .catch(() => []);
    throw error;
  }

  /** A store that refuses the batch is asked for its halves, until the claim that it refuses stands alone. */
  async function recordStarts(some: readonly Claim[]): Promise<Start[]> {
    try {
      return await health.watch(() => store.recordStarts(some, worker));
    } catch (error) {
      if (error instanceof BrokerUnavailableError) throw error;
      if (some.length === 1) return [error instanceof Error ? error : new Error(String(error))];
      const middle = some.length >> 1;
      return [...(await recordStarts(some.slice(0, middle))), ...(await recordStarts(some.slice(middle)))];
    }
  }
}

/** If this fails, the entries come due again and are found to be over again. */
async function removeQuietly(
  { live }: RawContext,
  claims: readonly Claim[],
  againOf: (claim: Claim) => Date | undefined = () => undefined,
): Promise<void> {
  if (claims.length === 0) return;
  await live.settle(claims.map((one) => ({ ...holdOf(one), outcome: over(againOf(one)) }))).catch(() => []);
}

/** Keeps the job as failed, without the params that the store refused; if even that fails, the entry stays. */
async function setOneAside(context: RawContext, claim: Claim, error: Error): Promise<SetAside> {
  const reason = `its document cannot be written: ${error.message}`;
  try {
    await context.store.record([failedJob(claim, error)]);
    await removeQuietly(context, [claim]);
  } catch {
    // The entry comes due again, and the store may take it then.
  }
  return { queue: claim.queue, id: claim.id, reason };
}

function failedJob(claim: Claim, error: Error): Job {
  const { id, queue, path, priority, generation, token, deliveries, lost } = claim;
  return {
    ...{ v: schemaVersion, id, queue, path, priority, generation, token, deliveries, lost },
    ...{ params: {}, settings: {}, history: [], attempt: claim.attempt - 1 },
    status: "failed",
    error: toJobError(error),
    queuedAt: new Date(claim.queuedAt),
  };
}

function holdOf({ id, queue, token }: Claim): Hold {
  return { id, queue, token };
}
