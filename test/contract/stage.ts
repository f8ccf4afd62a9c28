import type { Broker, Claim, ClaimRequest, Job, JobId, NewJob, Outcome, SettleAnswer, Settlement } from "@tandemq/core";
import { newJobId } from "@tandemq/core";
import { unique } from "../support/unique.js";
import { waitFor } from "../support/wait-for.js";
import type { Harness, Subject } from "./subject.js";

export { hour } from "./hour.js";
export const success: Outcome = { status: "success", result: { sum: 42 } };
export const failure: Outcome = { status: "failed", error: { name: "Error", message: "boom" } };
export const retry: Outcome = { status: "retry", delay: 0, error: { name: "Error", message: "again" } };
export const giveBack: Outcome = { status: "interrupt" };

/** One test's own queue, and the verbs on it with everything unsaid filled in. */
export class Stage {
  readonly subject: Subject;
  readonly broker: Broker;
  readonly other: Broker;
  readonly queue: string;

  /** @param shape begins the queue's name, which says how it is ordered */
  constructor(subject: Subject, { broker, other }: Harness, shape: string = "queue") {
    this.queue = unique(shape);
    this.subject = subject;
    this.broker = broker;
    this.other = other;
  }

  /** The brokers in turn. */
  either(turn: number): Broker {
    return turn % 2 === 0 ? this.broker : this.other;
  }

  newJob(over: Partial<NewJob> = {}): NewJob {
    const fixed = { path: "test.task", params: '{"n":1}', priority: 0, due: { after: 0 } };
    return { id: newJobId(), queue: this.queue, ...fixed, ...over };
  }

  async enqueue(over: Partial<NewJob> = {}): Promise<JobId> {
    const [answer] = await this.broker.enqueue([this.newJob(over)]);
    if (answer?.state !== "enqueued") throw new Error(`not enqueued: ${String(answer?.error)}`);
    return answer.id;
  }

  async enqueueMany(count: number, over: Partial<NewJob> = {}): Promise<JobId[]> {
    const jobs = Array.from({ length: count }, () => this.newJob(over));
    for (let i = 0; i < count; i += 5000) await this.broker.enqueue(jobs.slice(i, i + 5000));
    return jobs.map((job) => job.id);
  }

  async claim(over: Partial<ClaimRequest> = {}, broker: Broker = this.broker): Promise<readonly Claim[]> {
    const request = { queues: [this.queue], max: 10, lease: 60_000, worker: "worker-1", ...over };
    return (await broker.claim(request)).claims;
  }

  async claimOne(over: Partial<ClaimRequest> = {}): Promise<Claim> {
    const [claim] = await this.claim({ ...over, max: 1 });
    if (!claim) throw new Error("nothing to claim");
    return claim;
  }

  /** Enqueues a job and claims it. */
  async started(over: Partial<NewJob> = {}): Promise<Claim> {
    await this.enqueue(over);
    return this.claimOne();
  }

  /** Enqueues a job, claims it and ends it. */
  async ended(outcome: Outcome, over: Partial<NewJob> = {}): Promise<Claim> {
    const claim = await this.started(over);
    await this.settle(claim, outcome);
    return claim;
  }

  async settle(claim: Claim, outcome: Outcome, broker: Broker = this.broker): Promise<SettleAnswer["state"]> {
    const [answer] = await broker.settle([settlement(claim, outcome)]);
    if (!answer) throw new Error("no answer");
    return answer.state;
  }

  async job(id: JobId, queue: string = this.queue): Promise<Job | undefined> {
    return (await this.broker.get([{ id, queue }]))[0];
  }

  ref(id: JobId): { id: JobId; queue: string } {
    return { id, queue: this.queue };
  }

  /** Returns when the store's clock is later than this time. */
  async clockPasses(time: Date | undefined): Promise<void> {
    const queue = `clock-${this.queue}`;
    await waitFor("the store's clock to move on", async () => {
      const probe = await this.job(await this.enqueue({ queue }), queue);
      return probe && time && probe.queuedAt > time;
    });
  }

  /** Makes the lease lapse, and returns when it has. */
  async lapse(claim: Claim): Promise<void> {
    await this.broker.extend([claim], 1);
    await waitFor("the lease to lapse", async () => (await this.job(claim.id, claim.queue))?.lapsed);
  }
}

export function settlement({ id, queue, token, generation }: Claim, outcome: Outcome): Settlement {
  return { id, queue, token, generation, outcome };
}

/** Ids in their order. */
export function idsOf(claims: readonly { id: JobId }[]): JobId[] {
  return claims.map((claim) => claim.id);
}
