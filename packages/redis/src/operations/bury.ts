import type { ChangeAnswer, DepartAnswer, Departure, JobId, JobRef, Token } from "@tandemq/core";
import { type BrokerContext, groupBy, pieces } from "../broker-context.js";
import { readJob } from "../entry/read-job.js";
import { bury as script } from "../generated/lua.js";
import { rememberSettled } from "../keys.js";

/** Jobs in one script call: what is kept of them is read whole. */
const mostRead = 100;

type Standing = Exclude<ChangeAnswer, "keyTaken">;

/** Holds kept jobs for their mover, and reads them whole. */
export async function departDead(context: BrokerContext, refs: readonly JobRef[]): Promise<DepartAnswer[]> {
  const answers: DepartAnswer[] = refs.map(() => "missing");
  const heldFor = 2 * context.connections.deadline;
  for (const [queue, positions] of groupBy(refs, (ref) => ref.queue)) {
    for (const piece of pieces(positions, mostRead)) {
      const session = context.sessions.of("move");
      const token = `${session.id}.${session.number()}`;
      const ids = piece.map((position) => refs[position]?.id ?? "");
      const reply = await ask(context, queue, "depart", token, ids);
      ids.forEach((id, i) => {
        const [state, kept] = reply.slice(2 * i) as [Standing, string];
        answers[piece[i] as number] = state === "done" ? departureOf(queue, id, kept, { token, heldFor }) : state;
      });
    }
  }
  return answers;
}

function departureOf(queue: string, id: JobId, kept: string, hold: Omit<Departure, "job">): DepartAnswer {
  const job = readJob(queue, id, ["failed", kept, "", "", ""], Date.now());
  return job ? { job, ...hold } : "invalid";
}

/** Drops what is kept of jobs that departed. */
export async function leaveDead(context: BrokerContext, departures: readonly Departure[]): Promise<ChangeAnswer[]> {
  const answers: ChangeAnswer[] = departures.map(() => "missing");
  await eachCall(departures, async (queue, token, places, ids) => {
    const reply = await ask(context, queue, "leave", token, ids);
    places.forEach((place, i) => {
      answers[place] = reply[i] as ChangeAnswer;
    });
  });
  return answers;
}

/** Lets go of dead jobs that a mover held. */
export async function stayDead(context: BrokerContext, departures: readonly Departure[]): Promise<void> {
  await eachCall(departures, async (queue, token, _, ids) => {
    await ask(context, queue, "stay", token, ids);
  });
}

/** Those of one queue that departed together share a token. */
async function eachCall(
  departures: readonly Departure[],
  send: (queue: string, token: Token, places: readonly number[], ids: readonly JobId[]) => Promise<void>,
): Promise<void> {
  for (const places of groupBy(departures, ({ job, token }) => `${token}\n${job.queue}`).values()) {
    const some = places.map((place) => departures[place] as Departure);
    const [{ token, job }] = some as [Departure];
    await send(
      job.queue,
      token,
      places,
      some.map((one) => one.job.id),
    );
  }
}

async function ask(
  { connections, keys }: BrokerContext,
  queue: string,
  step: "depart" | "leave" | "stay",
  token: Token,
  ids: readonly JobId[],
): Promise<string[]> {
  const args = [step, token, 2 * connections.deadline, rememberSettled, ...ids];
  return (await connections.run("producer", script, keys.queue(queue).of(script), args)) as string[];
}
