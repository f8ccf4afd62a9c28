import type { ChangeAnswer, Departure } from "@tandemq/core";
import { type BrokerContext, groupBy, mostJobs, pieces } from "../broker-context.js";
import { numberOf } from "../entry/token.js";
import { settle } from "../generated/lua.js";
import { rememberSettled, settledBits } from "../keys.js";

/**
 * Takes jobs that departed out of their queues: neither an end nor a count tells of them. One whose hold lapsed, and that
 * was claimed since, is left alone. Asked again, they are gone.
 */
export async function leave(context: BrokerContext, departures: readonly Departure[]): Promise<ChangeAnswer[]> {
  const answers: ChangeAnswer[] = departures.map(() => "done");
  const calls = [...groupBy(departures, placeOf).values()].flatMap((positions) => pieces(positions, mostJobs));
  await Promise.all(
    calls.map(async (positions) => {
      const some = positions.map((position) => departures[position] as Departure);
      for (const lost of await leaveQueue(context, some)) answers[positions[lost - 1] as number] = "started";
    }),
  );
  return answers;
}

/** Of one queue, and one key of settled tokens. Positions from 1 of those that are another's by now, or gone. */
async function leaveQueue({ connections, keys }: BrokerContext, departures: readonly Departure[]): Promise<number[]> {
  const [first] = departures as readonly [Departure, ...Departure[]];
  const numbers = departures.map(({ token }) => numberOf(token));
  const ids = departures.map(({ job }) => job.id).join("");
  const own = keys.queue(first.job.queue).ofSession(settle, "settled", `${sessionOf(first)}:${blockOf(first)}`);
  const args = [sessionOf(first), rememberSettled, 0, "moved", ids, `${numbers.join(",")},`];
  return (await connections.run("producer", settle, own, args)) as number[];
}

function placeOf(departure: Departure): string {
  return `${departure.job.queue}\n${sessionOf(departure)}\n${blockOf(departure)}`;
}

function sessionOf({ token }: Departure): string {
  return token.slice(0, token.lastIndexOf("."));
}

function blockOf({ token }: Departure): number {
  return Math.floor(numberOf(token) / settledBits);
}
