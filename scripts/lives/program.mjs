import { setTimeout as sleep } from "node:timers/promises";
import * as adding from "./deeds/add.mjs";
import * as changing from "./deeds/change.mjs";
import * as operating from "./deeds/operate.mjs";
import { consumeSome } from "./deeds/consume.mjs";

const deeds = { ...adding.deeds, ...changing.deeds, ...operating.deeds, consume: consumeSome };

/** How often each is done. */
const weights = {
  ...{ enqueue: 12, enqueueMany: 2, transaction: 2, wait: 2, put: 2, visit: 3, consume: 1 },
  ...{ cancel: 2, requeue: 3, edit: 2, move: 2, remove: 1 },
  ...{ cancelMatching: 1, editMatching: 1, moveMatching: 1, redrive: 1, pause: 1, look: 2 },
};
const choice = Object.entries(weights).flatMap(([name, weight]) => Array.from({ length: weight }, () => name));

/** One client program: does one random thing after the other, and tells what it tried and what was acknowledged. */
export class Program {
  constructor({ client, mongo, plan, random, story, setup, known }) {
    Object.assign(this, { client, mongo, plan, random, story, setup, known });
  }

  async run(end) {
    while (performance.now() < end) {
      await this.#do(this.random.pick(choice));
      await sleep(this.random.between(0, this.setup.pause));
    }
  }

  async #do(deed) {
    try {
      await deeds[deed](this);
    } catch (error) {
      const text = String(error.stack).slice(0, 600);
      this.story.tell(this.#mayFail(error) ? "AWAY" : "ERROR", { deed, code: error.code, text });
    }
  }

  /** The user's own MongoDB client fails, too, where its server does. */
  #mayFail({ code, name }) {
    if (this.setup.faults !== "stores") return false;
    return code === "BROKER_UNAVAILABLE" || name.startsWith("Mongo");
  }

  /** Tells what is done to which jobs before and after it is. */
  async ask(op, facts, act) {
    const call = this.plan.number();
    this.story.tell("ASK", { op, call, ids: [], ...facts });
    const answer = await act();
    this.story.tell("DONE", { op, call, answer });
  }
}
