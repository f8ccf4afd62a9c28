import {
  decide,
  forget,
  hasPlace,
  type LimitState,
  type LimitWait,
  newLimitState,
  patienceOf,
  returnOf,
  startOf,
} from "../limits/limit-state.js";
import type { JobId, JobRef } from "../model/job.js";
import {
  type LimitAnswer,
  type LimitAsk,
  type LimitHold,
  type Limiter,
  lineOf,
  placeKeptFor,
} from "../ports/limiter.js";

interface Limit {
  readonly state: LimitState;
  /** The jobs that wait, in the order in which they began to. */
  readonly waits: Map<JobId, { readonly queue: string; readonly wait: LimitWait }>;
}

/** A limiter that lives in this process: for tests, and the model of the others. */
export class MemoryLimiter implements Limiter {
  readonly #now: () => number;
  readonly #limits = new Map<string, Limit>();

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  async ask(asks: readonly LimitAsk[], lease: number, room: number = asks.length): Promise<LimitAnswer[]> {
    const gone = new Map<string, number>();
    return asks.map((ask) => {
      const before = gone.get(ask.limit) ?? 0;
      const answer = this.#ask(ask, { lease, full: before >= room });
      if (answer.state === "go") gone.set(ask.limit, before + 1);
      return answer;
    });
  }

  async extend(holds: readonly LimitHold[], lease: number): Promise<void> {
    const now = this.#now();
    for (const { limit, id, token } of holds) {
      const { state } = this.#limit(limit);
      state.places = state.places.map((place) =>
        place.id === id && place.token === token && place.until > now ? { id, token, until: now + lease } : place,
      );
    }
  }

  async release(holds: readonly LimitHold[]): Promise<JobRef[]> {
    return holds.flatMap((hold) => this.#release(hold));
  }

  async waiting(most: number): Promise<LimitHold[]> {
    const lines = [...this.#limits].filter(([, { waits }]) => [...waits.values()].some(({ wait }) => "place" in wait));
    for (const [limit, state] of lines.slice(0, most)) {
      this.#limits.delete(limit);
      this.#limits.set(limit, state);
    }
    return lines.slice(0, most).map(([limit, { state }]) => lineOf(limit, state.concurrency));
  }

  async take(name: string, max: number, per: number): Promise<number> {
    const { state } = this.#limit(name);
    const now = this.#now();
    forget(state, { per }, now);
    const free = Math.max(0, max - state.starts.length);
    if (free > 0) state.starts.push({ at: now, token: "" });
    return free;
  }

  #limit(name: string): Limit {
    const limit = this.#limits.get(name) ?? { state: newLimitState(), waits: new Map() };
    this.#limits.set(name, limit);
    return limit;
  }

  #ask(ask: LimitAsk, how: { lease: number; full: boolean }): LimitAnswer {
    const { state, waits } = this.#limit(ask.limit);
    const { id, queue } = ask.job;
    const now = this.#now();
    const decision = decide(state, ask, waits.get(id)?.wait, { now, ...how });
    if (decision === "full") return { state: "wait", ms: 0 };
    if ("go" in decision) {
      waits.delete(id);
      return decision.go > now ? { state: "go", ms: decision.go - now } : { state: "go" };
    }
    waits.set(id, { queue, wait: decision });
    if (ask.concurrency !== undefined) state.concurrency = ask.concurrency;
    if ("slot" in decision) return { state: "wait", ms: Math.max(1, returnOf(decision, ask) - now) };
    return { state: "wait", ms: patienceOf([...waits.keys()].indexOf(id), how.lease) };
  }

  #release({ limit, id, token, undo, ...figures }: LimitHold): JobRef[] {
    const { state, waits } = this.#limit(limit);
    const now = this.#now();
    state.places = state.places.filter((place) => place.until > now && (place.id !== id || place.token !== token));
    if (undo) state.starts = state.starts.filter((start) => start.token !== startOf({ id, token }));
    const told: JobRef[] = [];
    for (const [waiting, { queue, wait }] of waits) {
      if (!hasPlace(state, figures)) break;
      if (!("place" in wait)) continue;
      waits.delete(waiting);
      state.places.push({ id: waiting, token: "", until: now + placeKeptFor });
      told.push({ id: waiting, queue });
    }
    return told;
  }
}
