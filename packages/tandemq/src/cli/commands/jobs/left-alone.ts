import { type ActionRefusal, type Client, isFinal, type Status } from "@tandemq/core";

/** Jobs by the reason for which nothing was done to them. */
export type LeftAlone = Partial<Record<ActionRefusal, number>>;

/** Why an action that takes these statuses leaves alone jobs that are named by their ids: it does not find them. */
export async function leftAlone(client: Client, ids: readonly string[], takes: readonly Status[]): Promise<LeftAlone> {
  if (ids.length === 0) return {};
  const jobs = new Map((await client.jobs({ ids, limit: ids.length })).map((job) => [job.id, job.status]));
  const reasons = ids.map((id) => reasonOf(jobs.get(id), takes)).filter((reason) => reason !== undefined);
  return sum(reasons.map((reason) => ({ [reason]: 1 })));
}

function reasonOf(status: Status | undefined, takes: readonly Status[]): ActionRefusal | undefined {
  if (status === undefined) return "missing";
  if (takes.includes(status)) return undefined;
  if (status === "started") return "started";
  return isFinal(status) ? "final" : "waiting";
}

/** Counts of several, by reason. */
export function sum(counts: readonly LeftAlone[]): LeftAlone {
  const all: LeftAlone = {};
  for (const [reason, number] of counts.flatMap((one) => Object.entries(one) as [ActionRefusal, number][]))
    all[reason] = (all[reason] ?? 0) + number;
  return all;
}
