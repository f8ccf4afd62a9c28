import { setTimeout as pause } from "node:timers/promises";
import {
  BrokerUnavailableError,
  type Decision,
  decideAll,
  forget,
  hasPlace,
  isGo,
  type JobId,
  type JobRef,
  type LimitAnswer,
  type LimitAsk,
  type Limiter,
  type LimitHold,
  type LimitState,
  type LimitWait,
  patienceOf,
  placeKeptFor,
  returnOf,
  startOf,
} from "@tandemq/core";
import type { Connection } from "../connection/connection.js";
import { ensureIndexes } from "../schema/ensure-indexes.js";
import { limitIndexes, limitWaitIndexes } from "../schema/indexes.js";
import { LimitDocuments, type NewWait, type ReadLimit } from "./limit-documents.js";

/** A write that others were quicker than is tried again so often. */
const tries = 200;

/** The furthest position that is looked for exactly. */
const furthest = 1_000;

interface Decided extends Pick<ReadLimit, "now" | "passed"> {
  readonly decisions: readonly Decision[];
  /** How many wait for a place. */
  readonly position: number;
}

/**
 * Limits in MongoDB, by its clock. The state of a limit is one document, written only as it was read; the jobs that wait
 * under it are documents of their own. A job that waits for a place is written down before the state is, so that whoever
 * frees one afterwards finds it.
 */
export class MongoLimiter implements Limiter {
  readonly #connection: Connection;
  readonly #documents: LimitDocuments;
  #prepared: Promise<unknown> | undefined;
  /** The last limit that `waiting` told of. */
  #lastLine = "";

  constructor(connection: Connection, documents: LimitDocuments = new LimitDocuments(connection)) {
    this.#connection = connection;
    this.#documents = documents;
  }

  async ask(asks: readonly LimitAsk[], lease: number, room: number = asks.length): Promise<LimitAnswer[]> {
    const answers: LimitAnswer[] = asks.map(() => ({ state: "go" }));
    await this.#each(asks, async (some, places) => {
      const given = await this.#askOne(some[0]?.limit ?? "", some, lease, room);
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

  waiting(most: number): Promise<LimitHold[]> {
    return this.#connection.run("limit", async () => {
      await this.#prepare();
      const lines: LimitHold[] = [];
      while (lines.length < most) {
        const next = await this.#documents.nextLine(this.#lastLine);
        this.#lastLine = next?.limit ?? "";
        if (!next) return lines;
        lines.push(next);
      }
      return lines;
    });
  }

  take(limit: string, max: number, per: number): Promise<number> {
    return this.#change(limit, async ({ state, now }) => {
      forget(state, { per }, now);
      const free = Math.max(0, max - state.starts.length);
      if (free > 0) state.starts.push({ at: now, token: "" });
      return free;
    });
  }

  /**
   * While a state is being read and written nobody else can change it, so as little as can be is done meanwhile. A reserved
   * start is written down afterwards: nobody but its job's claimer looks for it.
   */
  async #askOne(name: string, asks: readonly LimitAsk[], lease: number, room: number): Promise<LimitAnswer[]> {
    const ids = asks.map(({ job }) => job.id);
    const early = this.#connection.run("limit", () => this.#documents.waits(name, ids));
    const [known, decided] = await Promise.all([
      early,
      this.#change(name, async (limit) => {
        const known = asks[0]?.concurrency === undefined ? await early : await this.#documents.waits(name, ids);
        return this.#decide(limit, asks, known, { lease, room });
      }),
    ]);
    const { decisions, position, now, passed } = decided;
    const over = ids.filter((id, i) => isGo(decisions[i]) && known.has(id));
    await this.#connection.run("limit", () =>
      Promise.all([
        this.#documents.write(name, waitsOf(asks, decisions, "slot"), known, now),
        this.#documents.removeWaits(name, over),
      ]),
    );
    const reached = now + passed();
    return decisions.map((one, i): LimitAnswer => {
      if (one === "full") return { state: "wait", ms: 0 };
      if (isGo(one)) return { state: "go", ...(one.go > reached ? { ms: one.go - reached } : {}) };
      if ("place" in one) return { state: "wait", ms: patienceOf(position, lease) };
      return { state: "wait", ms: Math.max(1, returnOf(one, asks[i] as LimitAsk) - reached) };
    });
  }

  async #decide(
    { name, state, now, passed }: ReadLimit,
    asks: readonly LimitAsk[],
    known: ReadonlyMap<JobId, LimitWait>,
    { lease, room }: { lease: number; room: number },
  ): Promise<Decided> {
    const decisions = decideAll(state, asks, known, { now, lease, room });
    const line = waitsOf(asks, decisions, "place");
    const concurrency = asks[0]?.concurrency;
    if (line.length > 0 && concurrency !== undefined) state.concurrency = concurrency;
    await this.#documents.write(name, line, known, now);
    const position = line.length > 0 ? await this.#documents.countPlaces(name, furthest) : 0;
    return { decisions, position, now, passed };
  }

  async #releaseOf({ name, state, now }: ReadLimit, holds: readonly LimitHold[]): Promise<JobRef[]> {
    const tokens = new Map<JobId, string>(holds.map(({ id, token }) => [id, token]));
    const undone = new Set(holds.flatMap((hold) => (hold.undo ? [startOf(hold)] : [])));
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

/** Those that wait for a start, or for a place. */
function waitsOf(asks: readonly LimitAsk[], decisions: readonly Decision[], kind: "slot" | "place"): NewWait[] {
  return asks.flatMap(({ job }, i) => {
    const wait = decisions[i];
    return typeof wait === "object" && !isGo(wait) && kind in wait ? [{ job, wait }] : [];
  });
}

function same(a: LimitState, b: LimitState): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
