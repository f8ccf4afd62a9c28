import type { FailureOutcome, JobMeta, JobSettings, Json, JobLogLevel, Outcome } from "@tandemq/core";
import type { Delivery } from "../delivery.js";

/** One delivery as an executor needs it. */
export interface Assignment {
  /** Number of the delivery, unique within the worker. */
  readonly n: number;
  readonly id: string;
  readonly path: string;
  readonly queue: string;
  /** The params as JSON text, unread. */
  readonly params: string;
  readonly attempt: number;
  readonly deliveries: number;
  readonly settings: JobSettings;
  /** What the configuration says for jobs of the queue, if anything. */
  readonly queueSettings?: JobSettings | undefined;
  /** Its queue is of kind `timed`. */
  readonly timed?: true | undefined;
  /** Default: 1. */
  readonly generation?: number;
  readonly parent?: string | undefined;
  readonly meta?: JobMeta | undefined;
  /** Of the delivery, where the job may be completed within a transaction of its task's. */
  readonly token?: string | undefined;
  /** The job has failed: instead of the task its `onFailed` is called, with this. */
  readonly failure?: FailureOutcome | undefined;
  /** The delivery itself, where the executor runs beside its supervisor. */
  readonly delivery?: Delivery;
}

/** What an executor needs of a delivery but for its params. */
export function assignmentHead(delivery: Delivery): Omit<Assignment, "params"> {
  const { failure } = delivery;
  return failure ? { ...headOf(delivery), failure } : headOf(delivery);
}

/** What is seldom there is left out. */
function headOf({ n, claim, source }: Delivery): Omit<Assignment, "params"> {
  const { id, path, queue, attempt, deliveries, settings, generation, parent, meta, timed } = claim;
  const own = { n, id, path, queue, attempt, deliveries, settings, ...(timed ? { timed } : {}) };
  const head = source.completes ? { ...own, token: claim.token } : own;
  const queueSettings = source.settingsOf?.(queue);
  if (generation === 1 && (parent ?? meta ?? queueSettings) === undefined) return head;
  const more = { ...(parent === undefined ? {} : { parent }), ...(meta ? { meta } : {}) };
  return { ...head, generation, ...more, ...(queueSettings ? { queueSettings } : {}) };
}

/** A delivery as the executor of this process needs it. */
export function assignmentHere(delivery: Delivery): Assignment {
  const { n, claim, source, failure } = delivery;
  const { id, path, queue, params, attempt, deliveries, settings, timed, generation, parent, meta, token } = claim;
  const here = { n, id, path, queue, params, attempt, deliveries, settings, timed, generation, parent, meta, delivery };
  const queueSettings = source.settingsOf?.(queue);
  if (!source.completes && !queueSettings && !failure) return here;
  return { ...here, token: source.completes ? token : undefined, queueSettings, failure };
}

/** How a run ended. Without an outcome nothing is to be settled: the delivery is somebody else's by now. */
export interface Ended {
  readonly n: number;
  readonly outcome?: Outcome;
  /** Milliseconds the final job is kept, where its task says so. */
  readonly keep?: number;
  /** The task's `onFailed` was called. */
  readonly told?: boolean;
}

/** One line that a task wrote to `job.log`. */
export interface LogLine {
  readonly n: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly level: JobLogLevel;
  readonly message: string;
  readonly data?: Json;
}

/**
 * Why a run is told to stop. `stop`: its worker shuts down. `lost`: another delivery owns the job now. `cancel`: somebody
 * cancelled the job.
 */
export type AbortReason = "stop" | "lost" | "cancel";
