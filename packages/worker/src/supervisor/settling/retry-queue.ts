import {
  assertSameOrder,
  type QueueRoute,
  type QueueShape,
  type Deployment,
  type Outcome,
  type RetryOutcome,
  BrokerUnavailableError,
  toJobError,
} from "@tandemq/core";
import type { Delivery } from "../../delivery.js";
import { pause } from "../waiting/pause.js";

/** How often, and how many milliseconds apart, a store that is away is asked for the queue. */
const tries = 20;
const apart = 500;

/** Where a retry is to be: the outcome as it is to be settled, and the queue of another mode that the job moves to then. */
export interface Checked {
  readonly outcome: Outcome;
  readonly target?: QueueRoute;
}

/**
 * Looks at the queue in which a task wants its job to be retried: the outcome as it is, or a failure that says why the
 * job cannot go there. While no store answers, the job stays in its own queue.
 */
export async function withQueueChecked(
  deployment: Pick<Deployment, "route">,
  { claim, source }: Delivery,
  { queue = claim.queue, ...outcome }: RetryOutcome,
): Promise<Checked> {
  for (let left = tries; left > 0; left--) {
    try {
      const target = await deployment.route(queue);
      const own = await deployment.route(claim.queue);
      assertSameOrder((name) => shapeOf(name === queue ? target : own), claim.queue, queue);
      const asked = { ...outcome, queue };
      return target.mode === source.name ? { outcome: asked } : { outcome: asked, target };
    } catch (error) {
      if (!(error instanceof BrokerUnavailableError)) return { outcome: failed(error) };
      await pause(apart);
    }
  }
  return { outcome };
}

function shapeOf({ kind, order = "fifo" }: QueueRoute): QueueShape {
  return { kind, order };
}

function failed(error: unknown): Outcome {
  return { status: "failed", error: toJobError(error) };
}
