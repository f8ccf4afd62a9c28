import { fitQueue } from "./fit-queue.js";
import { NotSupportedError } from "../errors/errors.js";
import type { NewJob } from "../model/job.js";
import type { EnqueueAnswer } from "../ports/broker.js";
import type { QueueRoute } from "../ports/deployment.js";
import type { TransactionSession } from "../ports/session.js";
import { inGroups } from "../rules/in-groups.js";

/**
 * Adds jobs within the caller's transaction, one call after the other: a session does one thing at a time.
 *
 * @throws NotSupportedError when a queue's mode has no store with transactions
 */
export async function enqueueWithin(
  session: TransactionSession,
  jobs: readonly NewJob[],
  routes: readonly QueueRoute[],
): Promise<EnqueueAnswer[]> {
  const answers: EnqueueAnswer[] = [];
  const places = jobs.map((_, place) => place);
  for (const [broker, some] of inGroups(places, (place) => routes[place]!.broker)) {
    const { mode } = routes[some[0]!]!;
    if (!broker.enqueueWithin) throw withoutTransactions(mode);
    const given = await broker.enqueueWithin(
      session,
      some.map((place) => fitQueue(jobs[place]!, routes[place]!)),
    );
    some.forEach((place, i) => {
      answers[place] = given[i]!;
    });
  }
  return answers;
}

function withoutTransactions(mode: string): NotSupportedError {
  return new NotSupportedError(
    `enqueue: session: ${mode} queues take part in a transaction only where MongoDB is configured (mongo, TANDEMQ_MONGO)`,
  );
}
