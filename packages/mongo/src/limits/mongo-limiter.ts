import { setTimeout as pause } from "node:timers/promises";
import {
  BrokerUnavailableError,
  decide,
  forget,
  hasPlace,
  type JobId,
  type JobRef,
  type LimitAnswer,
  type LimitAsk,
  type Limiter,
  type LimitHold,
  type LimitState,
  patienceOf,
  placeKeptFor,
} from "@tandemq/core";
import type { Connection } from "../connection/connection.js";
import { ensureIndexes } from "../schema/ensure-indexes.js";
import { limitIndexes, limitWaitIndexes } from "../schema/indexes.js";
import { LimitDocuments, type ReadLimit } from "./limit-documents.js";

/** A write that others were quicker than is tried again so often. */
const tries = 200;

/** The furthest position that is looked for exactly. */
const furthest = 1_000;

/**
 * Limits in MongoDB, by its clock. The state of a limit is one document, written only as it was read; the jobs that wait
 * under it are documents of their own. A job is written down as waiting before the state is, so that whoever frees a
 * place afterwards finds it.
 */
export class MongoLimiter implements Limiter {
  readonly #connection: Connection;
  readonly #documents: LimitDocuments;
  #prepared: Promise<unknown> | undefined;

  constructor(connection: Connection) {
    this.#connection = connection;
    this.#documents = new LimitDocuments(connection);
  }

  async ask(asks: readonly LimitAsk[], lease: number): Promise<LimitAnswer[]> {
    const answers: LimitAnswer[] = asks.map(() => ({ state: "go" }));
    await this.#each(asks, async (some, places) => {
      const given = await this.#change(some[0]?.limit ?? "", (limit) => this.#askOf(limit, some, lease));
      given.forEach((answer, i) => {
        answers[places[i] as number] = answer;
      });
    });
    return answers;
  }

  async extend(holds: readonly LimitHold[], lease: number): Promise<void> {
    await this.#each(holds, async (some) => {
      const tokens = new Map(some.map(({ id, token }) => [id, token]));
      await this.#change(some[0]?.limit ?? "", async ({ state, now }) => {
        state.places = state.places.map((place) =>
          tokens.get(place.id) === place.token && place.until > now ? { ...place, until: now + lease } : place,
        );
      });
    });
  }

  async release(holds: readonly LimitHold[]): Promise<JobRef[]> {
    const told: JobRef[] = [];
    await this.#each(holds, async (some) => {
      const limit = some[0]?.limit ?? "";
      const refs = await this.#change(limit, (read) => this.#releaseOf(read, some));
      await this.#documents.removeWaits(
        limit,
        refs.map(({ id }) => id),
      );
      told.push(...refs);
    });
    return told;
  }

  take(limit: string, max: number, per: number): Promise<number> {
    return this.#change(limit, async ({ state, now }) => {
      forget(state, { per }, now);
      const free = Math.max(0, max - state.starts.length);
      if (free > 0) state.starts.push({ at: now, token: "" });
      return free;
    });
  }

  async #askOf({ name, state, now }: ReadLimit, asks: readonly LimitAsk[], lease: number): Promise<LimitAnswer[]> {
    const known = await this.#documents.waits(
      name,
      asks.map(({ job }) => job.id),
    );
    let refused = 0;
    const decisions = asks.map((ask) => {
      const decision = decide(state, ask, known.get(ask.job.id), { now, lease, refused });
      if (decision !== "go") refused += 1;
      return decision;
    });
    const wait = asks.flatMap(({ job }, i) => (decisions[i] === "go" ? [] : [{ job, wait: decisions[i] }]));
    await this.#documents.write(name, wait, known, now);
    const over = asks.flatMap(({ job }, i) => (decisions[i] === "go" && known.has(job.id) ? [job.id] : []));
    if (over.length > 0) await this.#documents.removeWaits(name, over);
    const line = decisions.some((one) => one !== "go" && "place" in one);
    const position = line ? await this.#documents.countPlaces(name, furthest) : 0;
    return decisions.map((one) => {
      if (one === "go") return { state: "go" };
      return { state: "wait", ms: "slot" in one ? Math.max(1, one.slot - now) : patienceOf(position, lease) };
    });
  }

  async #releaseOf({ name, state, now }: ReadLimit, holds: readonly LimitHold[]): Promise<JobRef[]> {
    const tokens = new Map<JobId, string>(holds.map(({ id, token }) => [id, token]));
    const undone = new Set(holds.flatMap(({ undo, token }) => (undo ? [token] : [])));
    state.places = state.places.filter((place) => place.until > now && tokens.get(place.id) !== place.token);
    state.starts = state.starts.filter(({ token }) => !undone.has(token));
    const { concurrency } = holds[0] ?? {};
    const free = concurrency === undefined ? 0 : concurrency - state.places.length;
    const first = free > 0 ? await this.#documents.firstInLine(name, free) : [];
    for (const { id } of first) {
      if (hasPlace(state, { ...(concurrency === undefined ? {} : { concurrency }) }))
        state.places.push({ id, token: "", until: now + placeKeptFor });
    }
    return first;
  }

  /** Most deployments have no limits: their indexes are made at the first use. */
  #prepare(): Promise<unknown> {
    const { limits, limitWaits } = this.#connection;
    this.#prepared ??= Promise.all([
      ensureIndexes(limits, limitIndexes),
      ensureIndexes(limitWaits, limitWaitIndexes),
    ]).catch((error: unknown) => {
      this.#prepared = undefined;
      throw error;
    });
    return this.#prepared;
  }

  /** Reads the state, changes it and writes it, as often as others come between. */
  async #change<T>(name: string, change: (limit: ReadLimit) => Promise<T>): Promise<T> {
    return this.#connection.run("limit", async () => {
      await this.#prepare();
      for (let left = tries; left > 0; left--) {
        const read = await this.#documents.read(name);
        const before: LimitState = structuredClone(read.state);
        const value = await change(read);
        if (same(before, read.state) || (await this.#documents.replace(read))) return value;
        await pause(Math.random() * Math.min(20, 2 * (tries - left)));
      }
      throw new BrokerUnavailableError(`limit "${name}": too many workers change it at once; try again`);
    });
  }

  /** Side by side for the different limits, in one go for each. */
  async #each<T extends { readonly limit: string }>(
    items: readonly T[],
    work: (some: readonly T[], places: readonly number[]) => Promise<void>,
  ): Promise<void> {
    const groups = new Map<string, number[]>();
    items.forEach(({ limit }, i) => groups.set(limit, [...(groups.get(limit) ?? []), i]));
    const all = [...groups.values()].map((places) =>
      work(
        places.map((place) => items[place] as T),
        places,
      ),
    );
    await Promise.all(all);
  }
}

function same(a: LimitState, b: LimitState): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
