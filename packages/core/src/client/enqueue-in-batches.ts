import type { NewJob } from "../model/job.js";
import type { Broker, EnqueueAnswer } from "../ports/broker.js";
import type { QueueRoute } from "../ports/deployment.js";
import { fitQueue } from "./fit-queue.js";

/** Most jobs in one call to a broker, which bounds the bytes of its own requests. */
const batchSize = 1000;

/**
 * Adds many jobs, each through its route, in calls of at most 1,000; answers stand in the order of the jobs. The calls
 * to one broker follow each other, so that jobs keep their order.
 */
export async function enqueueInBatches(
  given: readonly NewJob[],
  routes: readonly QueueRoute[],
): Promise<EnqueueAnswer[]> {
  const jobs = given.map((job, i) => fitQueue(job, routes[i]!));
  const answers: EnqueueAnswer[] = [];
  const brokers = new Set(routes.map(({ broker }) => broker));
  const parts = [...brokers].map((broker) => {
    const places = jobs.map((_, i) => i).filter((i) => routes[i]?.broker === broker);
    return enqueuePart(broker, jobs, places, answers);
  });
  await Promise.all(parts);
  return answers;
}

async function enqueuePart(
  broker: Broker,
  jobs: readonly NewJob[],
  places: readonly number[],
  answers: EnqueueAnswer[],
): Promise<void> {
  for (let start = 0; start < places.length; start += batchSize) {
    const batch = places.slice(start, start + batchSize);
    const given = await broker.enqueue(batch.map((place) => jobs[place]!));
    batch.forEach((place, i) => {
      answers[place] = given[i]!;
    });
  }
}
