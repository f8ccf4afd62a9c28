import { newJobId } from "../model/job-id.js";
import type { Job, JobRef, Token } from "../model/job.js";
import type { Broker } from "../ports/broker.js";
import { type Departing, isDeparture } from "../ports/moves.js";
import type { ActionAnswer } from "./action-options.js";
import { type Traveller, travel } from "./travel.js";

/** So long a received job waits for its original to be gone, ms: whoever dies in between leaves it to come due by itself. */
export const parked = 600_000;

/** How often a mover goes about it whose departures do not hold until it is through. */
const rounds = 3;

export interface Destination {
  readonly broker: Broker;
  readonly queue: string;
}

export interface HandOverOptions {
  /** Which jobs go. Default: those that wait. */
  readonly which?: Departing;
  /** The job as it is to be in its new queue. */
  readonly as?: (job: Job) => Job;
  /** Milliseconds after which a job comes due that was received and whose mover died. Default: ten minutes. */
  readonly parkedFor?: number;
}

/**
 * Moves jobs to another broker, where they are the same jobs: see `Moves`. A claim in between wins, and its job stays. One
 * whose unique key is another's there stays, too. Whoever was too slow begins anew, and in the end answers `started`: the
 * job may be another mover's by then.
 */
export async function handOver(
  from: Broker,
  to: Destination,
  refs: readonly JobRef[],
  options: HandOverOptions = {},
): Promise<ActionAnswer[]> {
  const answers: ActionAnswer[] = refs.map(() => "started");
  const way = { from, to, mover: newJobId(), options };
  let open = refs.map((_, place) => place);
  for (let left = rounds; left > 0 && open.length > 0; left--) {
    const some = await handOverOnce(
      way,
      open.map((place) => refs[place] as JobRef),
    );
    open.forEach((place, i) => {
      answers[place] = some[i] ?? "started";
    });
    open = open.filter((_, i) => some[i] === undefined);
  }
  return answers;
}

interface Way {
  readonly from: Broker;
  readonly to: Destination;
  readonly mover: Token;
  readonly options: HandOverOptions;
}

/** No answer: the departure did not hold until the job was through. */
async function handOverOnce(
  { from, to, mover, options: { which, as = (job) => job, parkedFor = parked } }: Way,
  refs: readonly JobRef[],
): Promise<(ActionAnswer | undefined)[]> {
  const began = performance.now();
  const departed = await from.depart(refs, which);
  const answers = departed.map((answer) => (isDeparture(answer) ? undefined : answer));
  const travellers = departed.flatMap((departure, place): Traveller[] =>
    isDeparture(departure) ? [{ place, departure, job: { ...as(departure.job), queue: to.queue } }] : [],
  );
  if (travellers.length === 0) return answers;
  const heldFor = Math.min(...travellers.map(({ departure }) => departure.heldFor));
  const isInTime = (ms: number) => performance.now() - began < ms;
  const holds = () => isInTime(heldFor);
  await travel({ from, to: to.broker, mover, travellers, parkedFor, answers, isInTime, holds });
  return answers;
}
