/** Statuses of a job that is still to run or running. A live job has a `due` time; a final one has none. */
export const liveStatuses = ["queued", "started", "retry", "interrupt"] as const;

/** Statuses of a job that is over. */
export const finalStatuses = ["success", "failed", "timeout", "maxretries", "cancel", "abort", "expired"] as const;

export const statuses: readonly (LiveStatus | FinalStatus)[] = [...liveStatuses, ...finalStatuses] as const;

export type LiveStatus = (typeof liveStatuses)[number];
export type FinalStatus = (typeof finalStatuses)[number];
export type Status = LiveStatus | FinalStatus;

/** Final statuses that carry an error or a reason instead of a result. */
export type FailureStatus = Exclude<FinalStatus, "success">;

/** Final statuses of jobs that somebody may want to run again: what went wrong, but for what was ended on purpose. */
export const deadStatuses = ["failed", "timeout", "maxretries", "expired"] as const;

/** The verbs that move a job from one status to another. */
export type Verb = "claim" | "settle" | "give back" | "cancel" | "requeue";

export interface Transition {
  readonly from: readonly Status[];
  readonly verb: Verb;
  readonly to: readonly Status[];
}

/**
 * Every change of status there is. Anything else is refused by every broker.
 *
 * A `claim` may find a `started` job: its lease lapsed, and the claim counts the loss.
 */
export const transitions: readonly Transition[] = [
  {
    from: ["queued", "retry", "interrupt", "started"],
    verb: "claim",
    to: ["started"],
  },
  {
    from: ["started"],
    verb: "settle",
    to: ["success", "failed", "timeout", "maxretries", "cancel", "abort", "expired", "retry"],
  },
  { from: ["started"], verb: "give back", to: ["interrupt"] },
  { from: ["queued", "retry", "interrupt"], verb: "cancel", to: ["cancel"] },
  { from: finalStatuses, verb: "requeue", to: ["queued"] },
];

const live: ReadonlySet<string> = new Set(liveStatuses);
const final: ReadonlySet<string> = new Set(finalStatuses);

export function isLive(status: Status): status is LiveStatus {
  return live.has(status);
}

export function isFinal(status: Status): status is FinalStatus {
  return final.has(status);
}

export function isStatus(value: unknown): value is Status {
  return typeof value === "string" && (live.has(value) || final.has(value));
}

/** The statuses that `verb` may lead to from `status`; empty when the verb is not allowed there. */
export function nextStatuses(status: Status, verb: Verb): readonly Status[] {
  return transitions.find((row) => row.verb === verb && row.from.includes(status))?.to ?? [];
}
