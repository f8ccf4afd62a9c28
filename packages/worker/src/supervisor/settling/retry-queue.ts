import {
  assertSameOrder,
  type QueueRoute,
  type QueueShape,
  type Deployment,
  type Outcome,
  type RetryOutcome,
  BrokerUnavailableError,
  NotSupportedError,
  toJobError,
} from "@tandemq/core";
import type { Delivery } from "../../delivery.js";
import { pause } from "../waiting/pause.js";

/** How often, and how many milliseconds apart, a store that is away is asked for the queue. */
const tries = 20;
const apart = 500;

/**
 * Looks at the queue in which a task wants its job to be retried: the outcome as it is, or a failure that says why the
 * job cannot go there. While no store answers, the job stays in its own queue.
 */
export async function withQueueChecked(
  deployment: Pick<Deployment, "route">,
  { claim, source }: Delivery,
  { queue = claim.queue, ...outcome }: RetryOutcome,
): Promise<Outcome> {
  for (let left = tries; left > 0; left--) {
    try {
      const target = await deployment.route(queue);
      if (target.mode !== source.name) return failed(otherMode(queue, target.mode, source.name));
      const own = await deployment.route(claim.queue);
      assertSameOrder((name) => shapeOf(name === queue ? target : own), claim.queue, queue);
      return { ...outcome, queue };
    } catch (error) {
      if (!(error instanceof BrokerUnavailableError)) return failed(error);
      await pause(apart);
    }
  }
  return outcome;
}

function shapeOf({ kind, order = "fifo" }: QueueRoute): QueueShape {
  return { kind, order };
}

function failed(error: unknown): Outcome {
  return { status: "failed", error: toJobError(error) };
}

function otherMode(queue: string, mode: string, own: string): Error {
  return new NotSupportedError(
    `job.retry: queue "${queue}" is ${mode}, the job's own is ${own}: a job can be retried in a queue of its own mode only; enqueue a new job there instead`,
  );
}
