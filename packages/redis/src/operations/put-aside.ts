import { defaults, type Job } from "@tandemq/core";
import type { BrokerContext } from "../broker-context.js";
import { setAside as script } from "../generated/lua.js";

/** Entries that can be kept for an operator, per queue. */
const mostMalformed = 1_000;

/**
 * Takes an entry that cannot be a job out of the queue, and keeps it as a failed job where failures are kept here. One
 * that could not be set aside comes due again and is set aside then.
 */
export async function putAside(
  context: BrokerContext,
  id: string,
  token: string,
  reason: string,
  job: Job,
): Promise<void> {
  const keys = context.keys.queue(job.queue).of(script);
  const kept = [job.id, defaults.keepFailures, JSON.stringify(job.error), entryOf(job)];
  const args = [id, token, reason, mostMalformed, context.counts ? 1 : 0, context.failures, ...kept];
  await context.connections.run("worker", script, keys, args).catch(() => undefined);
}

function entryOf({ v, path, params, queuedAt, generation, priority }: Job): string {
  const first = `${queuedAt.getTime()} ${generation} ${priority}`;
  return `${first}\n${JSON.stringify({ v, path })}\n${JSON.stringify(params)}`;
}
