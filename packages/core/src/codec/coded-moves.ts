import type { Job, JobRef, Token } from "../model/job.js";
import type { JsonObject } from "../model/json.js";
import type { Broker } from "../ports/broker.js";
import { type DepartAnswer, type Departing, type Departure, isDeparture, type ReceiveAnswer } from "../ports/moves.js";
import { type Codec, seal, unsealValue } from "./codec.js";

/** A job that cannot be decoded stays: its new broker may have another codec. */
export async function depart(
  broker: Broker,
  codec: Codec,
  refs: readonly JobRef[],
  ...how: [which?: Departing, mover?: Token]
): Promise<DepartAnswer[]> {
  const departed = await broker.depart(refs, ...how);
  const opened = await Promise.all(departed.map((answer) => (isDeparture(answer) ? open(codec, answer) : answer)));
  const stuck = departed.flatMap((answer, i) => (isDeparture(answer) && opened[i] === "invalid" ? [answer] : []));
  if (stuck.length > 0) await broker.stay(stuck);
  return opened;
}

async function open(codec: Codec, { job, ...departure }: Departure): Promise<DepartAnswer> {
  return unsealValue(codec, job.params).then(
    (params) => ({ ...departure, job: { ...job, params: params as JsonObject } }),
    () => "invalid",
  );
}

/** One that cannot be encoded is refused, and stays where it was. */
export async function receive(
  broker: Broker,
  codec: Codec,
  jobs: readonly Job[],
  ...how: [parkedFor: number, mover?: Token]
): Promise<ReceiveAnswer[]> {
  const sealed = await Promise.allSettled(jobs.map((job) => sealJob(codec, job)));
  const ready = sealed.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
  const answers = (await broker.receive(ready, ...how)).values();
  return sealed.map((one) => (one.status === "fulfilled" ? (answers.next().value ?? "invalid") : "invalid"));
}

async function sealJob(codec: Codec, job: Job): Promise<Job> {
  return { ...job, params: JSON.parse(await seal(codec, JSON.stringify(job.params))) as JsonObject };
}
