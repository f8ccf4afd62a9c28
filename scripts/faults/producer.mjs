import { Ledger } from "./ledger/append.mjs";

/** Enqueues the jobs of one experiment and writes what was tried and what was acknowledged. */
export class Producer {
  #client;
  #queue;
  #random;
  #ledger;
  #tried = 0;
  acknowledged = 0;

  constructor({ client, queue, folder, random }) {
    this.#client = client;
    this.#queue = queue;
    this.#random = random;
    this.#ledger = new Ledger(folder, "producer");
  }

  /** Enqueues so many healthy jobs of 5 to 50 ms, at once. */
  async burst(count) {
    await Promise.all(Array.from({ length: count }, () => this.enqueue({ ms: this.#random.between(5, 50) })));
  }

  /**
   * Enqueues one job and returns its number, whether it was acknowledged or not: a refused or lost enqueue may have
   * happened or not, and is never counted as lost.
   */
  async enqueue(params, options = {}) {
    const number = this.#tried++;
    this.#ledger.append("TRY", number);
    try {
      const job = await this.#client.enqueue("faults.work", { number, ...params }, { queue: this.#queue, ...options });
      this.#ledger.append("OK", number, job.id);
      this.acknowledged += 1;
    } catch (error) {
      if (error.code !== "BROKER_UNAVAILABLE") throw error;
    }
    return number;
  }

  close() {
    this.#ledger.close();
  }
}
