import type { Admit, Claim, ClaimAnswer, ClaimRequest, EndedClaim, SetAside, SettleAnswer } from "../model/claim.js";
import { toJobError } from "../model/job-error.js";
import { settlementOf } from "../model/settlement-of.js";
import type { Broker } from "../ports/broker.js";
import { type Codec, unseal } from "./codec.js";

/** A job that cannot be decoded fails, and is not handed out. */
export async function claim(broker: Broker, codec: Codec, request: ClaimRequest): Promise<ClaimAnswer> {
  const answer = await broker.claim(request.admit ? { ...request, admit: opening(codec, request.admit) } : request);
  const opened = await Promise.allSettled(answer.claims.map(({ params }) => unseal(codec, params)));
  const claims: Claim[] = [];
  const failed: EndedClaim[] = [];
  answer.claims.forEach((one, i) => {
    const params = opened[i];
    if (params?.status === "fulfilled") claims.push({ ...one, params: params.value });
    else failed.push({ claim: one, outcome: { status: "failed", error: toJobError(params?.reason) } });
  });
  const ended = [...(await openedEnds(codec, answer.ended)), ...(await settled(broker, failed))];
  return { ...answer, claims, setAside: [...answer.setAside, ...failed.map(aside)], ended };
}

/** Should this fail, the jobs come due again, and fail then. */
async function settled(broker: Broker, failed: readonly EndedClaim[]): Promise<readonly EndedClaim[]> {
  if (failed.length === 0) return failed;
  const answers = await broker
    .settle(failed.map(({ claim, outcome }) => settlementOf(claim, outcome)))
    .catch((): SettleAnswer[] => []);
  return failed.filter((_, i) => answers[i]?.state === "settled");
}

async function openedEnds(codec: Codec, ended: readonly EndedClaim[] = []): Promise<EndedClaim[]> {
  return Promise.all(ended.map(async (end) => ({ ...end, claim: await openClaim(codec, end.claim) })));
}

async function openClaim(codec: Codec, claim: Claim): Promise<Claim> {
  return unseal(codec, claim.params).then(
    (params) => ({ ...claim, params }),
    () => claim,
  );
}

/** Limits are asked with the params as they are; what cannot be decoded fails later, for that reason. */
function opening(codec: Codec, admit: Admit): Admit {
  return async (claims, room) => admit(await Promise.all(claims.map((claim) => openClaim(codec, claim))), room);
}

function aside({ claim: { id, queue }, outcome }: EndedClaim): SetAside {
  return { id, queue, reason: outcome.error.message };
}
