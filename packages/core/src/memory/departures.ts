import type { Job, JobId, Token } from "../model/job.js";

/** So long nobody else moves a job that departed, milliseconds. */
export const departureHolds = 10_000;

interface UnderWay {
  /** As it departed; nothing of a job that was received. */
  readonly job?: Job;
  readonly token: Token;
  readonly until: number;
}

/** Jobs that are about to leave, each as it was then: every change makes another job of it. */
export class Departures {
  readonly #underWay = new Map<JobId, UnderWay>();
  #number = 0;

  /** Whether somebody else moves the job. */
  isHeld(id: JobId, now: number, mover?: Token): boolean {
    const known = this.#underWay.get(id);
    return known !== undefined && known.until > now && known.token !== mover;
  }

  /** The mover that has brought the job has it. */
  hold(id: JobId, now: number, mover: Token): void {
    this.#underWay.set(id, { token: mover, until: now + departureHolds });
  }

  /** The token of the departure; nothing while somebody else moves the job, changed meanwhile or not. */
  begin(job: Job, now: number, mover?: Token): Token | undefined {
    if (this.isHeld(job.id, now, mover)) return undefined;
    this.#number += 1;
    const token = `move.${this.#number}`;
    this.#underWay.set(job.id, { job, token, until: now + departureHolds });
    return token;
  }

  /** Whether the job is still as it departed by this token. */
  isAsDeparted(token: Token, job: Job): boolean {
    const known = this.#underWay.get(job.id);
    return known?.token === token && known.job === job;
  }

  /** Others may move the job. */
  end(id: JobId, token: Token | undefined = this.#underWay.get(id)?.token): void {
    if (this.#underWay.get(id)?.token === token) this.#underWay.delete(id);
  }
}
