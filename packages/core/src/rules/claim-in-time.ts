import { JobExpiredError } from "../errors/errors.js";
import type {
  Admit,
  Claim,
  ClaimAnswer,
  ClaimRequest,
  EndedClaim,
  FailureOutcome,
  SettleAnswer,
  Settlement,
} from "../model/claim.js";
import { toJobError } from "../model/job-error.js";
import { settlementOf } from "../model/settlement-of.js";
import type { Broker } from "../ports/broker.js";
import { defaults } from "./defaults.js";

/** Most looks for jobs behind those that have expired; whoever gets fewer than it wants is told to ask again. */
const rounds = 8;

export interface InTime {
  /** Claims, jobs included whose `startBy` has passed. */
  claim(request: ClaimRequest): Promise<ClaimAnswer>;
  readonly get: Broker["get"];
  settle(settlements: readonly Settlement[]): Promise<readonly SettleAnswer[]>;
}

/**
 * Claims, and ends as `expired` what has missed its `startBy` instead of handing it out. Costs nothing where no claim
 * has one. An end that the store does not take is tried again when the lease is over.
 */
export async function claimInTime(broker: InTime, asked: ClaimRequest): Promise<ClaimAnswer> {
  const request = asked.admit ? { ...asked, admit: sparing(broker, asked.admit) } : asked;
  const first = await broker.claim(request);
  if (!first.claims.some(isLate)) return first;
  const claims: Claim[] = [];
  const ended: EndedClaim[] = [];
  const setAside = [...first.setAside];
  let { more = false } = first;
  let expired = await sift(broker, first.claims, claims, ended);
  for (let round = 0; round < rounds && expired > 0 && claims.length < request.max; round++) {
    const hasSome = claims.length + ended.length > 0;
    const next = await claimRest(broker, { ...request, max: request.max - claims.length }, hasSome);
    setAside.push(...next.setAside);
    more = next.more ?? false;
    expired = await sift(broker, next.claims, claims, ended);
  }
  more ||= expired > 0 && claims.length < request.max;
  return { claims, setAside, ended, ...(more ? { more } : {}) };
}

/** Limits are not asked of what will not run: a start would be counted for it, or it would wait for one. */
function sparing(broker: InTime, admit: Admit): Admit {
  return async (claims, room) => {
    if (!claims.some(isLate)) return admit(claims, room);
    const expired = await expiredAmong(broker, claims);
    const running = claims.filter((claim) => !expired.has(claim));
    const verdicts = running.length > 0 ? await admit(running, room) : [];
    let next = 0;
    return claims.map((claim) => (expired.has(claim) ? 0 : (verdicts[next++] ?? -1)));
  };
}

/** Ends the expired ones, adds the others to `inTime`, and tells how many have expired. */
async function sift(broker: InTime, some: readonly Claim[], inTime: Claim[], ended: EndedClaim[]): Promise<number> {
  const expired = await expiredAmong(broker, some);
  inTime.push(...some.filter((claim) => !expired.has(claim)));
  if (expired.size === 0) return 0;
  const ends = [...expired].map((claim) => ({ claim, outcome: expiry(claim) }));
  try {
    const answers = await broker.settle(ends.map(asSettlement));
    ended.push(...ends.filter((_, i) => answers[i]?.state === "settled"));
  } catch (error) {
    if (inTime.length + ended.length === 0) throw error;
  }
  return expired.size;
}

/** What was claimed, or ended, before is not dropped for a claim that fails: who asks again hears of the failure. */
async function claimRest(broker: InTime, request: ClaimRequest, hasSome: boolean): Promise<ClaimAnswer> {
  try {
    return await broker.claim(request);
  } catch (error) {
    if (!hasSome) throw error;
    return { claims: [], setAside: [], more: true };
  }
}

function isLate({ startBy, claimedAt }: Claim): boolean {
  return startBy !== undefined && claimedAt > startBy;
}

/** Those whose first run has not begun in time. One that was claimed before is looked up: it may have run then. */
async function expiredAmong(broker: InTime, claims: readonly Claim[]): Promise<ReadonlySet<Claim>> {
  const late = claims.filter(isLate);
  const again = late.filter(({ deliveries }) => deliveries > 1);
  const jobs = again.length === 0 ? [] : await broker.get(again);
  const inTime = again.filter(({ startBy = 0 }, i) => {
    const begun = jobs[i]?.history[0]?.startedAt?.getTime();
    return begun !== undefined && begun <= startBy;
  });
  return new Set(late.filter((claim) => !inTime.includes(claim)));
}

function expiry({ startBy = 0 }: Claim): FailureOutcome {
  return { status: "expired", error: toJobError(new JobExpiredError(new Date(startBy))) };
}

function asSettlement({ claim, outcome }: EndedClaim): Settlement {
  return { ...settlementOf(claim, outcome), keep: defaults.keepFailures };
}
