import { type ActionAnswer, handOver, isRetry, type Job, type Outcome, type QueueRoute } from "@tandemq/core";
import type { RetryOutcome } from "@tandemq/core";
import type { Logger } from "pino";
import type { Delivery } from "../../delivery.js";
import { pause } from "../waiting/pause.js";

/** So much later than asked the job would be retried in its own queue, should it not get to the other one, milliseconds. */
const putOff = 15_000;

/** How often, and how many milliseconds apart, the move is tried while a store is away. */
const tries = 5;
const apart = 1_000;

/**
 * Jobs that are retried in queues of other modes. Their retry is settled in their own queue, somewhat later than asked;
 * then they move. Whoever dies in between leaves them to be retried where they were.
 */
export class Emigrations {
  readonly #logger: Logger;
  readonly #targets = new Map<Delivery, QueueRoute>();
  readonly #underWay = new Set<Promise<void>>();

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  /** Nobody is about to move. */
  get idle(): boolean {
    return this.#targets.size + this.#underWay.size === 0;
  }

  /** The outcome that is to be settled in the job's own queue. */
  announce(delivery: Delivery, { queue: _queue, ...outcome }: RetryOutcome, target: QueueRoute): RetryOutcome {
    this.#targets.set(delivery, target);
    return { ...outcome, delay: outcome.delay + putOff };
  }

  /** @param outcome left out: the delivery was lost */
  settled(delivery: Delivery, outcome?: Outcome): void {
    const target = this.#targets.get(delivery);
    if (!target) return;
    this.#targets.delete(delivery);
    if (!outcome || !isRetry(outcome)) return;
    const move = this.#move(delivery, target).finally(() => this.#underWay.delete(move));
    this.#underWay.add(move);
  }

  /** Resolves when nobody is under way any more. */
  async stop(): Promise<void> {
    await Promise.all(this.#underWay);
  }

  async #move({ claim, source }: Delivery, target: QueueRoute): Promise<void> {
    const refs = [{ id: claim.id, queue: claim.queue }];
    const move = async (as: (job: Job) => Job) => (await handOver(source.broker, target, refs, { as }))[0];
    const answer = await persistently(async () => {
      const moved = await move(inTime);
      return moved === "keyTaken" ? move((job) => inTime({ ...job, key: undefined })) : moved;
    });
    if (answer === "done") return;
    const { id, queue, path } = claim;
    const why = answer instanceof Error ? answer.message : answer;
    this.#logger.warn(
      { job: id, path, queue, to: target.queue, why },
      "the job is retried in its own queue: it could not move",
    );
  }
}

/** As it was asked for. */
function inTime(job: Job): Job {
  return job.due ? { ...job, due: new Date(job.due.getTime() - putOff) } : job;
}

async function persistently(move: () => Promise<ActionAnswer | undefined>): Promise<ActionAnswer | Error | undefined> {
  for (let left = tries; ; left--) {
    try {
      return await move();
    } catch (error) {
      if (left <= 1) return error instanceof Error ? error : new Error(String(error));
      await pause(apart);
    }
  }
}
