import { type Claim, type Job, newJobId, type Outcome, type Run } from "@tandemq/core";
import { unique } from "../support/unique.js";
import { settlement } from "./stage.js";

export function run(claim: Claim, outcome: Outcome): Run {
  return { claim, worker: "worker-1", settlement: settlement(claim, outcome) };
}

export function newClaim(over: Partial<Claim> = {}): Claim {
  const now = Date.now();
  return {
    ...{
      id: newJobId(),
      queue: unique("queue"),
      token: unique("token"),
      path: "test.task",
      params: '{"n":1}',
      priority: 0,
    },
    ...{ generation: 1, attempt: 1, deliveries: 1, lost: 0, settings: {}, queuedAt: now - 5, claimedAt: now, ...over },
  };
}

export function redelivered(claim: Claim, over: Partial<Claim>): Claim {
  return { ...claim, token: unique("token"), deliveries: claim.deliveries + 1, ...over };
}

export function finalJob(over: Partial<Job>): Job {
  const now = new Date();
  return {
    ...{
      v: 1,
      id: newJobId(),
      queue: unique("queue"),
      path: "test.task",
      params: { n: 1 },
      priority: 0,
      generation: 1,
    },
    ...{
      attempt: 0,
      deliveries: 0,
      lost: 0,
      settings: {},
      history: [],
      queuedAt: now,
      finishedAt: now,
      status: "failed",
      ...over,
    },
  };
}
