import {
  type Broker,
  type Claim,
  handOver,
  type Job,
  type JobId,
  newJobId,
  type NewJob,
  type Outcome,
} from "@tandemq/core";
import { requeueTo } from "../../../packages/core/src/actions/requeue-to.js";
import { unique } from "../unique.js";
import type { Act, Story } from "./story.js";
import { type Around, dying, through } from "./through.js";

export interface Place {
  readonly broker: Broker;
  readonly queue: string;
}

const hour = 3_600_000;
const error = { name: "Error", message: "boom" };
const outcomes = {
  succeed: { status: "success" },
  fail: { status: "failed", error },
  retry: { status: "retry", delay: 0 },
} as const satisfies Record<string, Outcome>;

/** One job and the places where it may be. */
export class World {
  readonly id: JobId = newJobId();
  readonly places: readonly [Place, Place, Place];
  /** The lives that came to an end, each as often as that was accepted. */
  readonly ends: number[] = [];
  readonly #story: Story;
  readonly #parkedFor: number;

  /** @param brokers one may be named twice: for two of its queues */
  constructor([first, second, third]: readonly [Broker, Broker, Broker], story: Story, parkedFor: number) {
    this.places = [
      { broker: first, queue: unique("here") },
      { broker: second, queue: unique("there") },
      { broker: third, queue: unique("elsewhere") },
    ];
    this.#story = story;
    this.#parkedFor = parkedFor;
  }

  async begin(): Promise<void> {
    const [{ broker, queue }] = this.places;
    const { begins, key } = this.#story;
    await broker.enqueue([this.newJob(queue, this.id, key)]);
    if (begins === "waiting") return;
    await this.#run(this.places[0], begins === "dead" ? "fail" : "retry");
  }

  newJob(queue: string, id: JobId = newJobId(), key: Story["key"] = this.#story.key): NewJob {
    const more = key === undefined ? {} : { key: { value: "k", until: key } };
    return { id, queue, path: "a.task", params: "{}", priority: 0, due: { after: 0 }, ...more };
  }

  /** Whatever becomes of it: a mover may die. */
  async act(act: Act, around: Around): Promise<void> {
    if ("from" in act) return this.#move(act, around);
    const place = this.#place(act.at);
    const broker = through(place.broker, around);
    const refs = [{ id: this.id, queue: place.queue }];
    if (act.verb === "requeue") await broker.requeue(refs);
    else if (act.verb === "edit") await broker.edit(refs, { params: '{"n":1}' });
    else await this.#run({ ...place, broker }, act.verb);
  }

  /** Runs whatever can be run. Answers whether something was there. */
  async drain(): Promise<boolean> {
    const ran = await Promise.all(this.places.map((place) => this.#run(place, "succeed")));
    return ran.some((count) => count > 0);
  }

  /** The job as each place has it. */
  async look(): Promise<readonly (Job | undefined)[]> {
    return Promise.all(this.places.map(async ({ broker, queue }) => (await broker.get([{ id: this.id, queue }]))[0]));
  }

  /** Whether a new job gets the key, in each place. */
  async freeKeys(): Promise<boolean[]> {
    const asked = this.places.map(async ({ broker, queue }) => {
      const [answer] = await broker.enqueue([this.newJob(queue)]);
      return answer?.state === "enqueued" && answer.created;
    });
    return Promise.all(asked);
  }

  #place(n: number): Place {
    return this.places[(n % 3) as 0 | 1 | 2];
  }

  async #move({ verb, from, by, dies, after }: Act & { from: number }, around: Around): Promise<void> {
    const death = dying(dies, after);
    const mortal = ({ broker }: Place) => through(broker, (method, call) => around(method, () => death(method, call)));
    const [here, there] = [this.#place(from), this.#place(from + by)];
    const refs = [{ id: this.id, queue: here.queue }];
    const source = mortal(here);
    const to = { broker: here.broker === there.broker ? source : mortal(there), queue: there.queue };
    const move = () => {
      if (verb === "requeueTo") return requeueTo(source, to, refs);
      if (source === to.broker) return source.edit(refs, { queue: to.queue });
      return handOver(source, to, refs, { parkedFor: this.#parkedFor });
    };
    if (dies === 0) await move();
    else await move().catch(() => undefined);
  }

  async #run({ broker, queue }: Place, how: keyof typeof outcomes): Promise<number> {
    const { claims } = await broker.claim({ queues: [queue], max: 2, lease: hour, worker: "w" });
    const settled = await broker.settle(claims.map((claim) => ({ ...holdOf(claim), outcome: outcomes[how] })));
    claims.forEach(({ generation }, i) => {
      if (settled[i]?.state === "settled" && how !== "retry") this.ends.push(generation);
    });
    return claims.length;
  }
}

function holdOf({ id, queue, token, generation }: Claim) {
  return { id, queue, token, generation };
}
