import type { Job, JobId, JobRef } from "../model/job.js";
import type { Broker, ChangeAnswer } from "../ports/broker.js";
import { QueueUnknownError } from "../errors/errors.js";
import type { Deployment, QueueLook, QueueRoute } from "../ports/deployment.js";
import { Parents } from "./parents.js";

/**
 * The routes a client has asked for, kept, and questions about jobs of many queues split by broker. Enqueueing settles
 * a queue's mode; looking, and acting on what is there, goes by the record in the store.
 */
export class Routes {
  readonly #deployment: Deployment;
  readonly #known = new Map<string, QueueLook>();
  readonly #asked = new Map<string, Promise<QueueRoute>>();
  readonly #looks = new Map<string, QueueLook>();
  readonly parents: Parents = new Parents(this);

  constructor(deployment: Deployment) {
    this.#deployment = deployment;
  }

  known(queue: string): QueueRoute | undefined {
    return this.#known.get(queue);
  }

  /** A failed question is asked again by the next caller. */
  route(queue: string): Promise<QueueRoute> {
    const asked = this.#asked.get(queue) ?? this.#ask(queue);
    this.#asked.set(queue, asked);
    return asked;
  }

  async routeAll(refs: readonly { queue: string }[]): Promise<QueueRoute[]> {
    const routes = new Map<string, QueueRoute>();
    for (const { queue } of refs) if (!routes.has(queue)) routes.set(queue, await this.route(queue));
    return refs.map(({ queue }) => routes.get(queue)!);
  }

  /** @throws QueueUnknownError when the queue is neither recorded nor configured, or its store is not configured */
  async look(queue: string): Promise<QueueLook> {
    return this.#known.get(queue) ?? this.#looks.get(queue) ?? this.#lookFor(queue);
  }

  /** Every queue, as it is by now. */
  async lookAll(): Promise<QueueLook[]> {
    const looks = await this.#deployment.look();
    for (const look of looks) this.#looks.set(look.queue, look);
    return looks;
  }

  /** One queue, the queues of a tree such as `crawl/` that there are by now, or all. */
  async lookAt(name: string | undefined): Promise<QueueLook[]> {
    if (name !== undefined && !name.endsWith("/")) return [await this.look(name)];
    const looks = await this.lookAll();
    return name === undefined ? looks : looks.filter(({ queue }) => queue.startsWith(name));
  }

  /** The jobs in the order of `refs`. */
  get(refs: readonly JobRef[]): Promise<(Job | undefined)[]> {
    return this.#split(refs, (broker, some) => broker.get(some));
  }

  /** A job of which nobody says where it is: it may have moved. */
  async find(id: JobId): Promise<Job | undefined> {
    const refs = (await this.lookAll()).map(({ queue }) => ({ id, queue }));
    return (await this.get(refs)).find((job) => job !== undefined);
  }

  /** Runs one change per broker; answers in the order of `refs`. */
  async change<A extends string = ChangeAnswer>(
    refs: readonly JobRef[],
    run: (broker: Broker, refs: readonly JobRef[]) => Promise<readonly A[]>,
  ): Promise<(A | "missing")[]> {
    return (await this.#split(refs, run)).map((answer) => answer ?? "missing");
  }

  async #split<A>(
    refs: readonly JobRef[],
    run: (broker: Broker, refs: readonly JobRef[]) => Promise<readonly A[]>,
  ): Promise<(A | undefined)[]> {
    const routes = await this.#lookEach(refs);
    const answers: (A | undefined)[] = refs.map(() => undefined);
    const brokers = new Set(routes.map(({ broker }) => broker));
    const parts = [...brokers].map(async (broker) => {
      const places = refs.map((_, i) => i).filter((i) => routes[i]?.broker === broker);
      const part = await run(
        broker,
        places.map((i) => refs[i]!),
      );
      places.forEach((place, i) => {
        answers[place] = part[i];
      });
    });
    await Promise.all(parts);
    return answers;
  }

  async #lookEach(refs: readonly { queue: string }[]): Promise<QueueRoute[]> {
    const routes = new Map<string, QueueRoute>();
    for (const { queue } of refs) if (!routes.has(queue)) routes.set(queue, await this.look(queue));
    return refs.map(({ queue }) => routes.get(queue)!);
  }

  async #lookFor(queue: string): Promise<QueueLook> {
    const [look] = await this.#deployment.look([queue]);
    if (!look) {
      throw new QueueUnknownError(
        `queue "${queue}" is not known: it is neither configured nor recorded in the stores that are configured`,
      );
    }
    this.#looks.set(queue, look);
    return look;
  }

  async #ask(queue: string): Promise<QueueRoute> {
    try {
      const route = await this.#deployment.route(queue);
      this.#known.set(queue, { ...route, configured: route.mode });
      return route;
    } catch (error) {
      this.#asked.delete(queue);
      throw error;
    }
  }
}
