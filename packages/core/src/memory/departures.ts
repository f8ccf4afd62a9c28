import type { Job, JobId, Token } from "../model/job.js";

/** So long a departure holds, milliseconds. */
export const departureHolds = 10_000;

interface UnderWay {
  readonly job: Job;
  readonly token: Token;
  readonly until: number;
}

/** Jobs that are about to leave, each as it was then: every change makes another job of it. */
export class Departures {
  readonly #underWay = new Map<JobId, UnderWay>();
  #number = 0;

  /** The token of the departure; nothing while somebody else moves the job. */
  begin(job: Job, now: number): Token | undefined {
    const known = this.#underWay.get(job.id);
    if (known && known.job === job && known.until > now) return undefined;
    this.#number += 1;
    const token = `move.${this.#number}`;
    this.#underWay.set(job.id, { job, token, until: now + departureHolds });
    return token;
  }

  /** Whether the job is as it departed by this token. */
  end(token: Token, job: Job): boolean {
    const known = this.#underWay.get(job.id);
    if (known?.token !== token) return false;
    this.#underWay.delete(job.id);
    return known.job === job;
  }
}
