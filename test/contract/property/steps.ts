import { expect } from "@jest/globals";
import {
  type Broker,
  type Claim,
  type Hold,
  type JobChange,
  newJobId,
  type NewJob,
  type Outcome,
  type UniqueKey,
} from "@tandemq/core";
import { waitFor } from "../../support/wait-for.js";
import { hour } from "../stage.js";
import { dueJobs, orderFault } from "./claim-order.js";
import type { Operation, Verb } from "./operation.js";
import type { Delivery, World } from "./world.js";

type Step<V extends Verb> = (world: World, operation: Operation & { verb: V }) => Promise<void>;

const error = { name: "Error", message: "boom" };

const outcomes: readonly Outcome[] = [
  { status: "success", result: { done: [1, "two", null] } },
  { status: "success" },
  { status: "failed", error },
  { status: "timeout", error },
  { status: "retry", delay: 0, error },
  { status: "retry", delay: hour },
  { status: "interrupt" },
  { status: "interrupt", lost: true },
  { status: "interrupt", delay: hour },
  { status: "retry", delay: 0, error, priority: -4 },
  { status: "retry", delay: 0, error, queue: "elsewhere" },
];

const keys: readonly (UniqueKey | undefined)[] = [
  undefined,
  undefined,
  { value: "a", until: "start" },
  { value: "a", until: "finish" },
  { value: "b", until: "start" },
  { value: "b", until: "finish" },
];

/** Carries out one operation on the system and on the model, and compares the answers. */
export async function take(world: World, operation: Operation): Promise<void> {
  const step = steps[operation.verb] as Step<Verb>;
  await step(world, operation);
}

const steps: { readonly [V in Verb]: Step<V> } = {
  async enqueue(world, { queue, key, priority, delayed, onDuplicate }) {
    const due = { after: delayed ? hour : 0 };
    const params = `{"n":${world.jobs.size}}`;
    const fixed = { path: "test.task", params, due, priority, key: keys[key], onDuplicate };
    await enqueue(world, [{ ...fixed, id: newJobId(), queue: world.queue(queue) }]);
  },

  async "enqueue many"(world, { queue, count, delayed }) {
    const jobs = Array.from({ length: count }, (_, n) => ({
      ...{ id: newJobId(), queue: world.queue(queue), path: "test.task", priority: 0 },
      ...{ params: `{"n":${world.jobs.size + n}}`, due: { after: n === delayed ? hour : 0 } },
    }));
    await enqueue(world, jobs);
  },

  async "enqueue again"(world, { job, count }) {
    const first = world.ref(job);
    const known = [...world.jobs.values()].filter(({ queue }) => queue === first.queue);
    const from = known.findIndex(({ id }) => id === first.id);
    const again = known.slice(from < 0 ? known.length : from).slice(0, count);
    const promised = await Promise.all(again.map((one) => world.promisesEnqueueAgain(one)));
    await enqueue(
      world,
      again.filter((_, n) => promised[n]),
    );
  },

  async claim(world, { queues, max }) {
    const request = { queues: queues.map((n) => world.queue(n)), max, lease: hour, worker: "worker" };
    const due = dueJobs(world.model, request.queues, world.placedByStore);
    const system = (await world.system.claim(request)).claims;
    expect(system).toHaveLength(Math.min(max, due.size));
    expect(orderFault(system, due)).toBeUndefined();
    const ids = system.map((claim) => claim.id);
    const model = (await world.model.claimOnly(request, ids)).claims;
    for (const claim of system) {
      const same = model.find(({ id }) => id === claim.id);
      expect(same && comparable(claim)).toEqual(same && comparable(same));
      if (same) world.deliveries.push({ system: claim, model: same });
    }
  },

  async settle(world, { delivery: n, outcome }) {
    const delivery = world.delivery(n);
    if (!delivery || world.hasMoved(delivery.model)) return;
    const ended = outcomeOf(world, outcome, delivery.model.queue);
    const { system, model } = await world.both(async (broker) => {
      return (await broker.settle([{ ...holdOf(world, broker, delivery), outcome: ended }]))[0]?.state;
    });
    if (world.promisesSettle(delivery)) expect(system).toBe(model);
    if (model === "settled") world.accepted.add(delivery.model.token);
    world.moved(delivery.model.id, world.model.store.entryOf(delivery.model.id)?.job.queue ?? delivery.model.queue);
  },

  async extend(world, { delivery }) {
    await withHold(world, delivery, (broker, hold) => broker.extend([hold], hour));
  },

  async lapse(world, { delivery }) {
    await withHold(world, delivery, async (broker, hold) => {
      const [answer] = await broker.extend([hold], 1);
      if (answer === "extended") await waitFor("the lease to lapse", async () => (await broker.get([hold]))[0]?.lapsed);
      return answer;
    });
  },

  async edit(world, { job, change }) {
    const ref = world.ref(job);
    const [asked, queue] = changeOf(world, change);
    const answers = await world.both((broker) => broker.edit([ref], asked));
    expect(answers.system).toEqual(answers.model);
    if (answers.model[0] !== "done") return;
    if (asked.due) world.placed(ref.id);
    if (queue) world.moved(ref.id, queue);
  },

  cancel: change,
  remove: change,
  requeue: change,
  pause: (world, { queue }) => same(world, (broker) => broker.pause(world.queue(queue))),
  resume: (world, { queue }) => same(world, (broker) => broker.resume(world.queue(queue))),
  purge: (world, { queue }) => same(world, (broker) => broker.purge(world.queue(queue))),
};

/** One that moves its job moves it to the other queue. */
function outcomeOf(world: World, n: number, queue: string): Outcome {
  const outcome = outcomes[n % outcomes.length] ?? { status: "interrupt" };
  const other = world.queues.find((one) => one !== queue) ?? queue;
  return "queue" in outcome && outcome.queue !== undefined ? { ...outcome, queue: other } : outcome;
}

async function enqueue(world: World, jobs: readonly NewJob[]): Promise<void> {
  for (const job of jobs) world.jobs.set(job.id, job);
  const { system, model } = await world.both((broker) => broker.enqueue(jobs));
  expect(system).toEqual(model);
  for (const answer of model) if (answer.state === "enqueued" && answer.change) world.placed(answer.id);
}

async function change(
  world: World,
  { verb, jobs }: Operation & { verb: "cancel" | "remove" | "requeue" },
): Promise<void> {
  const refs = [...new Set(jobs.map((n) => n % Math.max(1, world.jobs.size)))].map((n) => world.ref(n));
  await same(world, (broker) => broker[verb](refs));
  if (verb === "requeue") for (const { id } of refs) world.placed(id);
}

async function withHold<T>(world: World, n: number, ask: (broker: Broker, hold: Hold) => Promise<T>): Promise<void> {
  const delivery = world.delivery(n);
  if (delivery && !world.hasMoved(delivery.model))
    await same(world, (broker) => ask(broker, holdOf(world, broker, delivery)));
}

async function same<T>(world: World, ask: (broker: Broker) => Promise<T>): Promise<void> {
  const { system, model } = await world.both(ask);
  expect(system).toEqual(model);
}

function holdOf(world: World, broker: Broker, { system, model }: Delivery): Hold {
  const { id, queue, token } = broker === world.system ? system : model;
  return { id, queue, token };
}

function changeOf(world: World, n: number): [JobChange, string | undefined] {
  const queue = world.queue(n);
  const changes: JobChange[] = [
    { params: '{"n":2}' },
    { priority: 5, tags: ["b", "c"] },
    { due: { after: 0 } },
    { due: { after: hour } },
    { queue },
  ];
  const asked = changes[n % changes.length] ?? {};
  return [asked, asked.queue];
}

function comparable(claim: Claim): unknown {
  const { id, queue, path, priority, generation, attempt, deliveries, lost, tags } = claim;
  return {
    id,
    queue,
    path,
    priority,
    generation,
    attempt,
    deliveries,
    lost,
    tags,
    params: JSON.parse(claim.params) as unknown,
  };
}
