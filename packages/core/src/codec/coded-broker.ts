import { NotSupportedError } from "../errors/errors.js";
import type { SettleAnswer, Settlement } from "../model/claim.js";
import type { Job, JobRef, NewJob } from "../model/job.js";
import type { Json, JsonObject } from "../model/json.js";
import type { Broker, EnqueueAnswer, JobChange, JobFilter } from "../ports/broker.js";
import { claim } from "./coded-claim.js";
import { depart, receive } from "./coded-moves.js";
import { type Codec, seal, unsealValue } from "./codec.js";

type Coded = Pick<
  Broker,
  "enqueue" | "enqueueWithin" | "claim" | "settle" | "get" | "find" | "select" | "edit" | "depart" | "receive"
>;

/** The broker with its params and results encoded at rest: whoever uses it sees them as they are. */
export function withCodec(broker: Broker, codec: Codec): Broker {
  const coded: Coded = {
    enqueue: (jobs) => enqueue(codec, jobs, (sealed) => broker.enqueue(sealed)),
    ...within(broker, codec),
    claim: (request) => claim(broker, codec, request),
    settle: (settlements) => settle(broker, codec, settlements),
    get: async (refs: readonly JobRef[]) => Promise.all((await broker.get(refs)).map((job) => job && open(codec, job))),
    find: (filter) => find(broker, codec, filter),
    select: async (filter) => broker.select(searchable(codec, filter)),
    edit: async (refs, change) => broker.edit(refs, await sealChange(codec, change)),
    depart: (refs, ...how) => depart(broker, codec, refs, ...how),
    receive: (jobs, ...how) => receive(broker, codec, jobs, ...how),
  };
  const others = new Map<PropertyKey, unknown>(Object.entries(coded));
  return new Proxy(broker, {
    get(target, name) {
      if (!others.has(name)) {
        const value: unknown = Reflect.get(target, name, target);
        others.set(name, typeof value === "function" ? value.bind(target) : value);
      }
      return others.get(name);
    },
  });
}

function within(broker: Broker, codec: Codec): Pick<Broker, "enqueueWithin"> {
  if (!broker.enqueueWithin) return {};
  return {
    enqueueWithin: (session, jobs) =>
      enqueue(codec, jobs, async (sealed) => (await broker.enqueueWithin?.(session, sealed)) ?? []),
  };
}

/** What cannot be encoded is refused, each job for itself. */
async function enqueue(
  codec: Codec,
  jobs: readonly NewJob[],
  send: (sealed: readonly NewJob[]) => Promise<EnqueueAnswer[]>,
): Promise<EnqueueAnswer[]> {
  const sealed = await Promise.allSettled(jobs.map(({ params }) => seal(codec, params)));
  const ready = jobs.flatMap((job, i) => {
    const one = sealed[i];
    return one?.status === "fulfilled" ? [{ ...job, params: one.value }] : [];
  });
  const answers = (await send(ready)).values();
  return sealed.map((one) =>
    one.status === "fulfilled"
      ? (answers.next().value as EnqueueAnswer)
      : { state: "refused", error: one.reason as Error },
  );
}

/** A result that cannot be encoded is refused: its job then fails for that reason. */
async function settle(broker: Broker, codec: Codec, settlements: readonly Settlement[]): Promise<SettleAnswer[]> {
  const sealed = await Promise.allSettled(settlements.map((one) => sealResult(codec, one)));
  const ready = sealed.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
  const answers = (await broker.settle(ready)).values();
  return sealed.map((one) =>
    one.status === "fulfilled"
      ? (answers.next().value as SettleAnswer)
      : { state: "refused", error: one.reason as Error },
  );
}

async function sealResult(codec: Codec, settlement: Settlement): Promise<Settlement> {
  const { outcome } = settlement;
  if (outcome.status !== "success" || outcome.result === undefined) return settlement;
  const result = JSON.parse(await seal(codec, JSON.stringify(outcome.result))) as Json;
  return { ...settlement, outcome: { ...outcome, result } };
}

async function find(broker: Broker, codec: Codec, filter: JobFilter): Promise<Job[]> {
  return Promise.all((await broker.find(searchable(codec, filter))).map((job) => open(codec, job)));
}

function searchable(codec: Codec, filter: JobFilter): JobFilter {
  if (filter.params === undefined) return filter;
  throw new NotSupportedError(`params are encoded by codec "${codec.name}" at rest: jobs cannot be found by them`);
}

async function sealChange(codec: Codec, change: JobChange): Promise<JobChange> {
  return change.params === undefined ? change : { ...change, params: await seal(codec, change.params) };
}

/** What cannot be decoded is shown as it is. */
async function open(codec: Codec, job: Job): Promise<Job> {
  const { result } = job;
  const params = (await orSealed(codec, job.params)) as JsonObject;
  return { ...job, params, ...(result === undefined ? {} : { result: await orSealed(codec, result) }) };
}

async function orSealed(codec: Codec, value: Json): Promise<Json> {
  return unsealValue(codec, value).catch(() => value);
}
