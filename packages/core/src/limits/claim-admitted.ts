import type {
  Admit,
  Claim,
  ClaimAnswer,
  ClaimRequest,
  EndedClaim,
  SetAside,
  SettleAnswer,
  Settlement,
} from "../model/claim.js";
import { settlementOf } from "../model/settlement-of.js";

/** Most jobs that are taken at once to find those that may start. */
const most = 1_000;

/** A claim that finds nothing that may start looks no longer than this, milliseconds. */
const longest = 2_000;

export interface AdmittingBroker {
  readonly claim: (request: ClaimRequest) => Promise<ClaimAnswer>;
  readonly settle: (settlements: readonly Settlement[]) => Promise<readonly SettleAnswer[]>;
}

/**
 * Claims until as many jobs may start as were asked for. Those that may not go back, each with a due time of its own:
 * however many of them stand in front, each is looked at once. While all that is found must wait, more are taken at once,
 * side by side with the return of those before.
 */
export async function claimAdmitted({ admit, ...asked }: ClaimRequest, broker: AdmittingBroker): Promise<ClaimAnswer> {
  if (!admit) return broker.claim(asked);
  const returns = new Returns(broker);
  try {
    return await claimUntilFull(asked, admit, broker, returns);
  } finally {
    await returns.done;
  }
}

async function claimUntilFull(
  asked: Omit<ClaimRequest, "admit">,
  admit: Admit,
  broker: AdmittingBroker,
  returns: Returns,
): Promise<ClaimAnswer> {
  const request = { ...asked, keepsKeys: true };
  const began = performance.now();
  const claims: Claim[] = [];
  const setAside: SetAside[] = [];
  const ended: EndedClaim[] = [];
  const answer = { claims, setAside, ended };
  for (let size = request.max; ; ) {
    const found = await taken(broker, { ...request, max: size }, claims.length > 0);
    if (!found) return { ...answer, more: true };
    setAside.push(...found.setAside);
    ended.push(...(found.ended ?? []));
    const room = request.max - claims.length;
    const admitted = await sift(returns, found.claims, () => admit(found.claims, room), claims.length > 0);
    claims.push(...admitted);
    if (found.more) return { ...answer, more: true };
    if (found.claims.length < size || claims.length >= request.max) return answer;
    if (performance.now() - began > longest) return { ...answer, more: true };
    size = admitted.length === 0 ? Math.min(most, 4 * size) : request.max - claims.length;
  }
}

/** What was admitted before is not dropped because the store is away now. */
async function taken(
  { claim }: AdmittingBroker,
  request: ClaimRequest,
  mayFail: boolean,
): Promise<ClaimAnswer | undefined> {
  try {
    return await claim(request);
  } catch (error) {
    if (mayFail) return undefined;
    throw error;
  }
}

/** Those that may start; the others are given back. Without an answer nothing may, and all go back at once. */
async function sift(
  returns: Returns,
  claims: readonly Claim[],
  admit: () => Promise<readonly number[]>,
  mayFail: boolean,
): Promise<Claim[]> {
  await returns.done;
  if (claims.length === 0) return [];
  let verdicts: readonly number[] = claims.map(() => -1);
  try {
    verdicts = await admit();
    return claims.filter((_, i) => verdicts[i] === 0);
  } catch (error) {
    if (mayFail) return [];
    throw error;
  } finally {
    const back = claims.flatMap((claim, i) => (verdicts[i] === 0 ? [] : [givenBack(claim, verdicts[i] ?? 0)]));
    if (back.length > 0) returns.begin(back);
  }
}

/** What goes back, while the next are taken. */
class Returns {
  readonly #broker: AdmittingBroker;
  /** Never rejects: what cannot be given back comes due again when its lease is over. */
  done: Promise<unknown> = Promise.resolve();

  constructor(broker: AdmittingBroker) {
    this.#broker = broker;
  }

  begin(back: readonly Settlement[]): void {
    this.done = this.#broker.settle(back).catch(() => undefined);
  }
}

function givenBack(claim: Claim, ms: number): Settlement {
  return settlementOf(claim, { status: "interrupt", limited: true, ...(ms > 0 ? { delay: ms } : {}) });
}
