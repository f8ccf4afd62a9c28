import { setTimeout as pause } from "node:timers/promises";
import { sealedBy } from "../codec/codec.js";
import { BrokerUnavailableError, CodecError, InvalidParamsError, WorkerLostError } from "../errors/errors.js";
import type { Claim } from "../model/claim.js";
import { newJobId } from "../model/job-id.js";
import { toJobError } from "../model/job-error.js";
import type { JsonObject } from "../model/json.js";
import { settlementOf } from "../model/settlement-of.js";
import type { Broker } from "../ports/broker.js";
import type { QueueRoute } from "../ports/deployment.js";
import { defaults } from "../rules/defaults.js";
import type { ConsumeSettings } from "./consume-options.js";
import { HeldJob } from "./held-job.js";
import { Holds } from "./holds.js";

/** Longest wait before looking again by itself, ms: wake-ups may be lost. */
const lookEvery = 1000;
/** Pause after a store was away, ms. */
const rest = 500;

/**
 * Takes jobs of one queue without a worker: `for await (const job of consumer)`. Leases are extended while jobs are
 * held; leaving the loop gives back what was not settled.
 */
export class Consumer<P extends object = JsonObject> implements AsyncIterable<HeldJob<P>>, AsyncDisposable {
  readonly #queue: string;
  readonly #route: () => Promise<QueueRoute>;
  readonly #settings: ConsumeSettings;
  readonly #open: Set<{ close(): Promise<void> }>;
  readonly #stopped = new AbortController();
  readonly #name = `consumer-${process.pid}-${newJobId()}`;
  readonly #ready: HeldJob<P>[] = [];
  #holds: Holds | undefined;
  #room: () => void = () => undefined;
  #closed: Promise<void> | undefined;
  #claiming: Promise<unknown> = Promise.resolve();

  /** @param open the consumers that hold something: this one among them while its loop runs */
  constructor(
    queue: string,
    route: () => Promise<QueueRoute>,
    settings: ConsumeSettings,
    open: Set<{ close(): Promise<void> }>,
  ) {
    this.#open = open;
    this.#queue = queue;
    this.#route = route;
    this.#settings = settings;
  }

  /** Rejects with what the store says against the queue, or a CodecError; a store that is away is waited for. */
  async *[Symbol.asyncIterator](): AsyncGenerator<HeldJob<P>, void, void> {
    const stop = () => this.#stopped.abort();
    const { signal } = this.#settings;
    if (signal?.aborted) stop();
    this.#open.add(this);
    signal?.addEventListener("abort", stop, { once: true });
    try {
      for (;;) {
        const job = this.#ready.shift() ?? (await this.#next());
        if (!job) return;
        if (!job.signal.aborted) yield job;
      }
    } finally {
      signal?.removeEventListener("abort", stop);
      await this.close();
    }
  }

  /** Ends the loop and gives back what is held. May be called twice. */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #close(): Promise<void> {
    this.#open.delete(this);
    this.#stopped.abort();
    this.#room();
    await this.#claiming.catch(() => undefined);
    await this.#holds?.giveBackAll();
  }

  /** The next job; `undefined` when the loop is over. */
  async #next(): Promise<HeldJob<P> | undefined> {
    let end = performance.now() + this.#settings.wait;
    while (!this.#stopped.signal.aborted) {
      const free = this.#settings.max - (this.#holds?.size ?? 0);
      if (free === 0) {
        await this.#untilRoom();
        end = performance.now() + this.#settings.wait;
        continue;
      }
      const claimed = this.#claim(free);
      this.#claiming = claimed;
      const got = await claimed;
      const job = this.#ready.shift();
      if (job) return job;
      if (got > 0) continue;
      const left = end - performance.now();
      if (left <= 0) return undefined;
      await this.#idle(left);
    }
    return undefined;
  }

  /** Returns how many came, those that were set aside included. */
  async #claim(max: number): Promise<number> {
    try {
      const { broker } = await this.#route();
      this.#holds ??= new Holds(broker, this.#settings.lease, () => this.#room());
      const request = { queues: [this.#queue], max, lease: this.#settings.lease, worker: this.#name };
      const { claims } = await broker.claim(request);
      await refuseSealed(claims, broker);
      for (const claim of claims) await this.#take(claim, this.#holds);
      return claims.length;
    } catch (error) {
      if (!(error instanceof BrokerUnavailableError)) throw error;
      await pause(rest, undefined, { signal: this.#stopped.signal }).catch(() => undefined);
      return 0;
    }
  }

  /** A job that killed its holders too often, or whose params are none, is set aside without being handed out. */
  async #take(claim: Claim, holds: Holds): Promise<void> {
    const params = paramsOf(claim);
    const job = new HeldJob<P>(claim, (params ?? {}) as P, (held, outcome) => holds.settle(held, outcome));
    if (params && claim.lost <= defaults.maxLost) {
      holds.add(job);
      this.#ready.push(job);
      return;
    }
    const fault = params
      ? new WorkerLostError(claim.lost, defaults.maxLost)
      : new InvalidParamsError("the job's params are not the text of a JSON object");
    await holds.settle(job, { status: "failed", error: toJobError(fault) });
  }

  async #idle(left: number): Promise<void> {
    const { broker } = await this.#route();
    const timeout = Math.min(left, lookEvery);
    await broker.waitForWork([this.#queue], { timeout, signal: this.#stopped.signal });
  }

  async #untilRoom(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#room = resolve;
      if (this.#stopped.signal.aborted) resolve();
    });
  }
}

/**
 * Jobs that only a codec can read are given back: they are for programs that have it.
 * @throws CodecError when there is one
 */
async function refuseSealed(claims: readonly Claim[], broker: Broker): Promise<void> {
  const codecs = claims.map(({ params }) => sealedBy(params));
  const codec = codecs.find((name) => name !== undefined);
  if (codec === undefined) return;
  const back = claims.map((claim) => settlementOf(claim, { status: "interrupt", limited: true }));
  // What cannot be given back comes due again when its lease is over.
  await broker.settle(back).catch(() => []);
  throw new CodecError(
    `consume: the params of job ${claims[codecs.indexOf(codec)]?.id} are encoded by codec "${codec}", and this client has none: configure it (\`codec\`)`,
  );
}

function paramsOf({ params }: Claim): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(params);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined;
  } catch {
    return undefined;
  }
}
