import { type Claim, endsJob, type FailureOutcome, type Job, type JsonObject, schemaVersion } from "@tandemq/core";

/** The document of a delivery that ended without success. */
export function failedJob(claim: Claim, outcome: FailureOutcome, keep: number): Job {
  const now = new Date();
  return {
    v: schemaVersion,
    id: claim.id,
    queue: claim.queue,
    path: claim.path,
    params: paramsOf(claim.params),
    priority: claim.priority,
    status: outcome.status,
    token: claim.token,
    generation: claim.generation,
    attempt: endsJob(outcome) ? claim.attempt : claim.attempt - 1,
    deliveries: claim.deliveries,
    lost: claim.lost,
    settings: claim.settings,
    ...(claim.tags ? { tags: claim.tags } : {}),
    ...(claim.parent ? { parent: claim.parent } : {}),
    queuedAt: new Date(claim.queuedAt),
    startedAt: new Date(claim.claimedAt),
    finishedAt: now,
    deleteAt: new Date(now.getTime() + keep),
    error: outcome.error,
    history: [],
  };
}

/** Params that are no JSON object are shown as what they are: they are why the job failed. */
function paramsOf(text: string): JsonObject {
  try {
    const params: unknown = JSON.parse(text);
    if (typeof params === "object" && params !== null && !Array.isArray(params)) return params as JsonObject;
  } catch {}
  return { malformed: text.slice(0, 10_000) };
}
