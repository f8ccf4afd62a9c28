import type { Departure, Token } from "@tandemq/core";
import { type BrokerContext, groupBy, mostJobs, pieces } from "../broker-context.js";
import { stay as script } from "../generated/lua.js";

/** A waiting job that is held, as it is to stand again. */
export interface Staying {
  readonly id: string;
  readonly token: Token;
  readonly status: string;
  /** Milliseconds since the epoch. */
  readonly due: number | string;
}

/** Lets go of waiting jobs of a queue that a mover held: they stand in their own places again. */
export async function stay(
  { connections, keys, board }: BrokerContext,
  queue: string,
  jobs: readonly Staying[],
): Promise<void> {
  const each = jobs.flatMap(({ id, token, status, due }) => [id, token, status, due]);
  await connections.run("producer", script, keys.queue(queue).of(script), [keys.wake, queue, ...each]);
  board.wake([queue]);
}

/** As {@link stay}, for jobs of any queues. */
export async function stayAll(context: BrokerContext, departures: readonly Departure[]): Promise<void> {
  for (const [queue, positions] of groupBy(departures, ({ job }) => job.queue)) {
    for (const some of pieces(positions, mostJobs)) {
      const jobs = some.map((position) => stayingOf(departures[position] as Departure));
      await stay(context, queue, jobs);
    }
  }
}

function stayingOf({ job: { id, status, due }, token, parkedUntil = due }: Departure): Staying {
  return { id, token, status, due: parkedUntil?.getTime() ?? 0 };
}
