import {
  type Broker,
  type Departing,
  type Departure,
  isDeparture,
  type Job,
  type JobId,
  newJobId,
} from "@tandemq/core";
import { hour, type Stage } from "../stage.js";

/** A waiting job, as it comes from elsewhere. */
export function jobFrom(s: Stage, over: Partial<Job> = {}): Job {
  const queuedAt = new Date(Date.now() - hour);
  return {
    ...{ v: 1, id: newJobId(), queue: s.queue, path: "test.task", params: { n: 1 }, priority: 0, status: "queued" },
    ...{ generation: 1, attempt: 0, deliveries: 0, lost: 0, settings: {}, queuedAt, due: queuedAt, history: [] },
    ...over,
  };
}

/** One that ran before, with all that a job can have. */
export function begun(s: Stage, over: Partial<Job> = {}): Job {
  const [startedAt, finishedAt] = [new Date(Date.now() - 5000), new Date(Date.now() - 4000)];
  const error = { name: "Error", message: "again", stack: "where\nand there" };
  return jobFrom(s, {
    ...{
      status: "retry",
      attempt: 1,
      deliveries: 2,
      lost: 1,
      priority: 3,
      generation: 2,
      tags: ["t"],
      meta: { m: "1" },
    },
    ...{ settings: { attempts: 5 }, parent: newJobId(), key: { value: "k", until: "finish" } },
    history: [
      { attempt: 1, status: "interrupt", startedAt, finishedAt, worker: "w-1" },
      { attempt: 1, status: "retry", startedAt, finishedAt, worker: "w-1", error },
    ],
    ...over,
  });
}

/** What has to be the same wherever the job is. */
export function identity(job: Job | undefined): unknown {
  const { id, path, params, priority, key, status, generation, attempt, deliveries, lost } = job ?? jobFromNowhere;
  const { settings, tags, parent, meta, startBy, history, queuedAt } = job ?? jobFromNowhere;
  const own = { id, path, params, priority, key, status, generation, attempt, deliveries, lost };
  return JSON.parse(JSON.stringify({ ...own, settings, tags, parent, meta, startBy, queuedAt, history }));
}

const jobFromNowhere = {} as Job;

export async function departed(
  broker: Broker,
  s: Stage,
  ids: readonly JobId[],
  which?: Departing,
): Promise<Departure[]> {
  return (
    await broker.depart(
      ids.map((id) => s.ref(id)),
      which,
    )
  ).filter(isDeparture);
}
