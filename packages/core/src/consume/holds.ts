import { setTimeout as pause } from "node:timers/promises";
import { BrokerUnavailableError } from "../errors/errors.js";
import type { Outcome, SettleAnswer, Settlement } from "../model/claim.js";
import { settlementOf } from "../model/settlement-of.js";
import type { Broker } from "../ports/broker.js";
import type { HeldJob } from "./held-job.js";

const tries = 5;
const betweenTries = 200;

/** The jobs that a consumer holds: their leases are extended, their outcomes brought home. */
export class Holds {
  readonly #broker: Broker;
  readonly #lease: number;
  readonly #onRoom: () => void;
  readonly #held = new Set<HeldJob<object>>();
  #timer: NodeJS.Timeout | undefined;

  constructor(broker: Broker, lease: number, onRoom: () => void) {
    this.#broker = broker;
    this.#lease = lease;
    this.#onRoom = onRoom;
  }

  get size(): number {
    return this.#held.size;
  }

  add(job: HeldJob<object>): void {
    this.#held.add(job);
    this.#timer ??= setInterval(() => void this.#extend(), this.#lease / 3);
  }

  /** Whether the outcome counted. @throws what the store says to an outcome that it cannot hold */
  async settle(job: HeldJob<object>, outcome: Outcome): Promise<boolean> {
    const answer = await this.#send(settlementOf(job.claim, outcome));
    if (answer.state === "refused") throw answer.error;
    this.#drop(job);
    return answer.state === "settled";
  }

  /** Gives back what nobody settled; what cannot be given back comes due when its lease is over. */
  async giveBackAll(): Promise<void> {
    const open = [...this.#held].filter((job) => !job.isSettled);
    await Promise.all(open.map((job) => job.giveBack().catch(() => false)));
    for (const job of open) this.#drop(job);
  }

  #drop(job: HeldJob<object>): void {
    this.#held.delete(job);
    if (this.#held.size === 0) {
      clearInterval(this.#timer);
      this.#timer = undefined;
    }
    this.#onRoom();
  }

  /** A settlement can be asked twice: a store that was away is asked again. */
  async #send(settlement: Settlement): Promise<SettleAnswer> {
    for (let left = tries; ; left--) {
      try {
        const [answer = { state: "lost" }] = await this.#broker.settle([settlement]);
        return answer;
      } catch (error) {
        if (!(error instanceof BrokerUnavailableError) || left <= 1) throw error;
        await pause(betweenTries * (tries - left + 1));
      }
    }
  }

  async #extend(): Promise<void> {
    const held = [...this.#held];
    try {
      const claims = held.map(({ claim }) => claim);
      const answers = await this.#broker.extend(claims, this.#lease);
      held.forEach((job, i) => {
        if (answers[i] !== "lost" || !this.#held.has(job)) return;
        job.lose();
        this.#drop(job);
      });
    } catch {
      // The store is away: the next extension, or the settlement, finds out what became of the leases.
    }
  }
}
