import type { Admit, Claim, LimitAsk, LimitHold, Source } from "@tandemq/core";
import type { Delivery } from "../../delivery.js";
import type { Catalog } from "../../tasks/task-registry.js";
import { LimitUses } from "./limit-uses.js";
import { Places, type PlacesOptions } from "./places.js";
import { StartTimes } from "./start-times.js";

/**
 * So long before its start a job may be let go, milliseconds: this worker keeps a slot for it until then. A store that is
 * slow to hand out jobs is asked in time, so that the start is used.
 */
const early = 600;

/** One claim on its way through its limits. */
interface Candidate {
  readonly claim: Claim;
  readonly asks: readonly LimitAsk[];
  /** 0: it may start, as far as was asked. */
  verdict: number;
  /** When it starts, if it was let go before (`performance.now()`). */
  startsAt?: number;
}

/** Lets jobs start as their limits allow. Where there are no limits it is never asked. */
export class Admission {
  readonly #options: PlacesOptions;
  readonly #uses = new LimitUses();
  readonly #places: Places;
  /** When those start that were let go before their time. */
  readonly starts: StartTimes = new StartTimes();

  constructor(options: PlacesOptions) {
    this.#options = options;
    this.#places = new Places(options);
  }

  learn(catalog: Catalog): void {
    this.#uses.learn(catalog);
  }

  /** What a claim from this source has to ask; `undefined` while no limit concerns it. */
  of(source: Source): Admit | undefined {
    if (!this.#uses.concern(source)) return undefined;
    this.#places.watch();
    return (claims, room) =>
      this.#admit(
        claims.map((claim) => this.#candidate(claim, source)),
        room,
        source,
      );
  }

  /** A job whose keys its executor has told: 0, it may run; else the milliseconds for which it is given back. */
  async ofTask({ claim, source }: Pick<Delivery, "claim" | "source">): Promise<number> {
    const all = heldEarly(this.#uses.of(claim, source));
    const own = this.#uses.ofTask(claim).length;
    const [verdict = -1] = await this.#admit([{ claim, asks: all.slice(0, own), verdict: 0 }], 1, source);
    if (verdict !== 0) await this.#places.release(all.slice(own).map(undo));
    return verdict;
  }

  /** Whether a limit may hold the job back although it was admitted: its executor has not told its keys yet. */
  isUnsure(claim: Claim): boolean {
    return this.#uses.isUnsure(claim);
  }

  /** These claims are this worker's deliveries by now. */
  opened(claims: readonly Claim[]): void {
    if (this.#places.empty) return;
    for (const claim of claims) this.#places.open(deliveryOf(claim));
  }

  /** The delivery is over, whoever ended it. */
  over({ claim }: Delivery): void {
    this.starts.drop(claim);
    if (this.#places.empty) return;
    this.#places.free(deliveryOf(claim));
  }

  /** Resolves when the places of what is over are free. */
  stop(): Promise<void> {
    return this.#places.stop();
  }

  /** Params that cannot be read are the executor's to refuse. */
  #candidate(claim: Claim, source: Source): Candidate {
    try {
      return { claim, asks: heldEarly(this.#uses.of(claim, source)), verdict: 0 };
    } catch {
      return { claim, asks: [], verdict: 0 };
    }
  }

  async #admit(candidates: readonly Candidate[], room: number, { broker }: Pick<Source, "broker">): Promise<number[]> {
    const deepest = Math.max(0, ...candidates.map(({ asks }) => asks.length));
    for (let depth = 0; depth < deepest; depth++) await this.#ask(candidates, depth, room);
    await this.#refuse(candidates.filter(({ verdict }) => verdict === 0).slice(Math.max(0, room)));
    for (const candidate of candidates) if (candidate.verdict === 0) this.#note(candidate);
    const begin = candidates.filter(({ claim, verdict }) => verdict === 0 && this.#keepsKey(claim));
    if (begin.length > 0) await broker.begin(begin.map(({ claim }) => claim));
    return candidates.map(({ verdict }) => verdict);
  }

  #note({ claim, asks, startsAt }: Candidate): void {
    const held = asks.filter(({ concurrency }) => concurrency !== undefined);
    if (held.length > 0) this.#places.hold(deliveryOf(claim), held.map(holdOf));
    if (startsAt !== undefined) this.starts.set(claim, startsAt);
  }

  /** Its unique key until the start was kept by the claim, and nothing stands in its way now. */
  #keepsKey(claim: Claim): boolean {
    return claim.key?.until === "start" && !this.#uses.isUnsure(claim);
  }

  /** Asks the limits at this place in the list of each; what was got before a refusal is given back. */
  async #ask(candidates: readonly Candidate[], depth: number, room: number): Promise<void> {
    const asking = candidates.filter(({ asks, verdict }) => verdict === 0 && asks.length > depth);
    const { deployment, lease } = this.#options;
    const answers = await deployment.limiter.ask(
      asking.map(({ asks }) => asks[depth] as LimitAsk),
      lease,
      room,
    );
    const undone: LimitHold[] = [];
    answers.forEach((answer, i) => {
      const candidate = asking[i];
      if (!candidate) return;
      if (answer.state === "go") {
        if (answer.ms !== undefined) candidate.startsAt = performance.now() + answer.ms;
        return;
      }
      candidate.verdict = answer.ms > 0 ? answer.ms : -1;
      undone.push(...candidate.asks.slice(0, depth).map(undo));
    });
    await this.#places.release(undone);
  }

  /** More than there is room for. */
  async #refuse(candidates: readonly Candidate[]): Promise<void> {
    for (const candidate of candidates) candidate.verdict = -1;
    await this.#places.release(candidates.flatMap(({ asks }) => asks.map(undo)));
  }
}

/** What tells one delivery from all others: those that were claimed together may have one token. */
function deliveryOf({ id, token }: Claim): string {
  return `${id} ${token}`;
}

/**
 * A start is counted at the time at which it is to be. A job that is counted by more than one rate would start later than
 * some of them counted: it is not let go early.
 */
function heldEarly(asks: readonly LimitAsk[]): readonly LimitAsk[] {
  if (asks.filter(({ max }) => max !== undefined).length !== 1) return asks;
  return asks.map((ask) => (ask.max === undefined ? ask : { ...ask, early }));
}

function holdOf({ limit, job, token, concurrency }: LimitAsk): LimitHold {
  return { limit, id: job.id, token, ...(concurrency === undefined ? {} : { concurrency }) };
}

function undo(ask: LimitAsk): LimitHold {
  return { ...holdOf(ask), undo: true };
}
