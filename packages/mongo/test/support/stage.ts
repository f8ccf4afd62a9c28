import { type Claim, type NewJob, newJobId, type Outcome, type SettleAnswer, type Settlement } from "@tandemq/core";
import { type Document, MongoClient, ObjectId } from "mongodb";
import { unique } from "../../../../test/support/unique.js";
import { mongoUrl } from "../../../../test/support/stores.js";
import { Connection } from "../../src/connection/connection.js";
import { MongoBroker } from "../../src/mongo-broker.js";
import { MongoJobStore } from "../../src/store/mongo-job-store.js";
import { ChangeStreamWakeups } from "../../src/wake/change-stream-wakeups.js";

export const hour = 3_600_000;
export const done: Outcome = { status: "success", result: { ok: true } };

/** One test file's own database, with a broker and a store on it, and what lies in it. */
export class Stage {
  readonly url: string = mongoUrl(unique("tq"));
  readonly client: MongoClient = new MongoClient(this.url);
  readonly #opened: (() => Promise<unknown>)[] = [];
  readonly connection: Connection = this.connect();
  readonly wakeups: ChangeStreamWakeups = this.#wakeups(this.connection);
  readonly broker: MongoBroker = this.open();
  readonly store: MongoJobStore = new MongoJobStore(this.connection, this.wakeups);

  get jobs() {
    return this.client.db().collection<Document>("jobs");
  }

  /** A connection as another process has it. */
  connect(url: string = this.url): Connection {
    const connection = new Connection({ url });
    this.#opened.push(() => connection.close());
    return connection;
  }

  open(connection: Connection = this.connection): MongoBroker {
    const wakeups = connection === this.connection ? this.wakeups : this.#wakeups(connection);
    const broker = new MongoBroker(connection, wakeups);
    this.#opened.push(() => broker.close());
    return broker;
  }

  #wakeups(connection: Connection): ChangeStreamWakeups {
    const wakeups = new ChangeStreamWakeups(connection);
    this.#opened.push(() => wakeups.close());
    return wakeups;
  }

  async close(): Promise<void> {
    await this.client.db().dropDatabase();
    for (const close of this.#opened.reverse()) await close();
    await this.client.close();
  }

  newJob(queue: string, over: Partial<NewJob> = {}): NewJob {
    return { id: newJobId(), queue, path: "test.task", params: '{"n":1}', priority: 0, due: { after: 0 }, ...over };
  }

  async enqueue(queue: string, count: number, over: Partial<NewJob> = {}): Promise<string[]> {
    const jobs = Array.from({ length: count }, () => this.newJob(queue, over));
    await this.broker.enqueue(jobs);
    return jobs.map(({ id }) => id);
  }

  async claim(queue: string, max = 10, broker: MongoBroker = this.broker, lease = 60_000): Promise<readonly Claim[]> {
    return (await broker.claim({ queues: [queue], max, lease, worker: "worker" })).claims;
  }

  async claimOne(queue: string): Promise<Claim> {
    const [claim] = await this.claim(queue, 1);
    if (!claim) throw new Error("nothing to claim");
    return claim;
  }

  document(id: string): Promise<Document | null> {
    return this.jobs.findOne({ _id: ObjectId.createFromHexString(id) });
  }
}

export function settlement({ id, queue, token, generation }: Claim, outcome: Outcome = done): Settlement {
  return { id, queue, token, generation, outcome };
}

export function states(answers: readonly SettleAnswer[]): string[] {
  return answers.map(({ state }) => state);
}

/** The least that a producer of another language writes. */
export function foreign(queue: string, over: Document = {}): Document {
  return { v: 1, path: "test.task", params: { n: 1 }, queue, status: "queued", priority: 0, due: new Date(0), ...over };
}

/** Runs `before` ahead of the next call of a collection's method, once. */
export function beforeNext<T extends object, M extends keyof T>(
  target: T,
  method: M,
  before: () => Promise<unknown>,
): void {
  const original = (target[method] as (...args: unknown[]) => Promise<unknown>).bind(target);
  const replaced = async (...args: unknown[]) => {
    Reflect.deleteProperty(target, method);
    await before();
    return original(...args);
  };
  Object.defineProperty(target, method, { value: replaced, configurable: true });
}

/** Lets the next calls of a method happen, or not, and then fail as if the answer was lost. */
export function loseAnswers<T extends object, M extends keyof T>(
  target: T,
  method: M,
  { times, acts, error }: { times: number; acts: boolean; error: Error },
): void {
  const original = (target[method] as (...args: unknown[]) => Promise<unknown>).bind(target);
  let left = times;
  const replaced = async (...args: unknown[]) => {
    left -= 1;
    if (left === 0) Reflect.deleteProperty(target, method);
    if (acts) await original(...args);
    throw error;
  };
  Object.defineProperty(target, method, { value: replaced, configurable: true });
}
