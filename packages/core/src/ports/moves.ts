import type { Job, JobRef, Token } from "../model/job.js";
import type { ChangeAnswer } from "./broker.js";

/** Which jobs depart: those that wait, or dead ones, which are in their next life where they are received. */
export type Departing = "waiting" | "final";

/**
 * How jobs go from one broker to another and stay the same jobs: id, key, history, life and place in line go with
 * them. The steps, in this order, by which a death after any of them loses nothing:
 *
 * 1. `depart` at the broker they leave;
 * 2. `receive` at the other one: they are there, and parked;
 * 3. `leave` at the first: they are there no more;
 * 4. `arrive` at the other: they stand in line.
 *
 * A job that does not get through goes on where it was (`stay`), and its parked copy goes (`depart` and `leave` there).
 * After a death a parked job comes due by itself; whoever moves it again goes on where the move was.
 *
 * A mover has its jobs for itself as long as its departures hold (`heldFor`), and must not go on after that: by then they
 * may be another mover's.
 */
export interface Moves {
  /**
   * Says that jobs are about to leave, waiting ones or dead ones, and answers them whole, as they are now. Nobody else
   * moves them for a few seconds. Where this broker could not tell by itself that a waiting job has left, nobody claims it
   * meanwhile: what has not left by then stands in its own place again.
   *
   * @param mover who has received the jobs here, if they are to go again
   */
  depart(refs: readonly JobRef[], which?: Departing, mover?: Token): Promise<DepartAnswer[]>;
  /**
   * Deletes jobs, all waiting or all dead, that are as they departed, and are another broker's from now on. `started` and `waiting`: claimed,
   * requeued or changed meanwhile, it is still here.
   */
  leave(departures: readonly Departure[]): Promise<ChangeAnswer[]>;
  /** The jobs do not leave: each stands in its own place again, and others may move it. */
  stay(departures: readonly Departure[]): Promise<void>;
  /**
   * Takes over waiting jobs under their own ids, each with its unique key if it holds one. They come due in `parkedFor`
   * milliseconds, unless they arrive before; should they depart until then, it is with their own due times. A job that is
   * here already, in this life or a later one, is `done`, and whoever was about to take it away is not any more, or this
   * one is refused: of two who move a job to each other's place, both would delete it. What is left here of an earlier life
   * goes.
   *
   * @param mover unique to this move: for some seconds, or until they arrive, nobody else moves these jobs, nor brings them
   */
  receive(jobs: readonly Job[], parkedFor: number, mover?: Token): Promise<ReceiveAnswer[]>;
  /** Received jobs that still wait stand in line, each at its own due time and in its own place. */
  arrive(jobs: readonly Job[]): Promise<void>;
}

/** A job on its way to another broker, and the proof that it is still as it departed. */
export interface Departure {
  readonly job: Job;
  readonly token: Token;
  /** Nobody else moves the job for so long since it was asked for, milliseconds. */
  readonly heldFor: number;
  /** It is parked here until then, should it stay. */
  readonly parkedUntil?: Date;
}

/** Or why the job does not depart; `started`: it runs, or another mover has it. `invalid`: it cannot be read as a job. */
export type DepartAnswer = Departure | "started" | "waiting" | "final" | "missing" | "invalid";

/**
 * `keyTaken`: its unique key is another's here. `invalid`: the job cannot be held here, or its id is another's. `started`:
 * it is here, and another mover has it.
 */
export type ReceiveAnswer = "done" | "keyTaken" | "invalid" | "started";

export function isDeparture(answer: DepartAnswer): answer is Departure {
  return typeof answer === "object";
}
