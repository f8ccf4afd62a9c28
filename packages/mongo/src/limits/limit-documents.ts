import { type JobId, type JobRef, type LimitHold, type LimitState, type LimitWait, lineOf } from "@tandemq/core";
import type { Connection } from "../connection/connection.js";
import { codeOf, duplicateKey } from "../connection/errors.js";
import type { LimitDocument, LimitWaitDocument } from "../connection/other-documents.js";

/** A limit as it was read. */
export interface ReadLimit {
  readonly name: string;
  /** To be changed, and written if nobody else has meanwhile. */
  readonly state: LimitState;
  readonly rev: number;
  /** The server's time, milliseconds. */
  readonly now: number;
  /** Milliseconds since it was read. */
  readonly passed: () => number;
}

/** A job that has to wait from now on. */
export interface NewWait {
  readonly job: JobRef;
  readonly wait: LimitWait;
}

const day = 86_400_000;

/** The documents of limits: one for the state of each, one for each job that waits. */
export class LimitDocuments {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  async read(name: string): Promise<ReadLimit> {
    const { limits, clock } = this.#connection;
    const stages = [{ $match: { _id: name } }, { $set: { now: "$$NOW" } }];
    const [found] = await limits.aggregate<LimitDocument & { now: Date }>(stages).toArray();
    const { starts = [], slots = [], again = [], places = [], concurrency } = found ?? {};
    // A measured clock may be behind: the first start would be counted too early.
    const now = found ? found.now.getTime() : await clock.exact();
    const line = concurrency === undefined ? {} : { concurrency };
    const state = { starts: [...starts], slots: [...slots], again: [...again], places: [...places], ...line };
    const readAt = performance.now();
    return { name, state, rev: found?.rev ?? 0, now, passed: () => performance.now() - readAt };
  }

  /** Whether nobody was quicker. */
  async replace({ name, state, rev, now }: ReadLimit): Promise<boolean> {
    const { limits } = this.#connection;
    const document = {
      ...state,
      rev: rev + 1,
      expiresAt: new Date(Math.max(now, state.slots.at(-1) ?? 0) + 370 * day),
    };
    try {
      const { matchedCount, upsertedCount } = await limits.replaceOne({ _id: name, rev }, document, {
        upsert: rev === 0,
      });
      return matchedCount + upsertedCount > 0;
    } catch (error) {
      if (codeOf(error) === duplicateKey) return false;
      throw error;
    }
  }

  async waits(name: string, ids: readonly JobId[]): Promise<Map<JobId, LimitWait>> {
    const { limitWaits } = this.#connection;
    const found = await limitWaits.find({ _id: { $in: ids.map((id) => idOf(name, id)) } }).toArray();
    return new Map(found.map((wait) => [wait.job, waitOf(wait)]));
  }

  /** Who waits for a place keeps the time at which it began to. */
  async write(
    name: string,
    waits: readonly NewWait[],
    known: ReadonlyMap<JobId, LimitWait>,
    now: number,
  ): Promise<void> {
    const { limitWaits } = this.#connection;
    const operations = waits.flatMap(({ job, wait }) => {
      const before = known.get(job.id);
      if (before && ("place" in wait ? "place" in before : "slot" in before && before.slot === wait.slot)) return [];
      const _id = idOf(name, job.id);
      const replacement = waitDocument(name, { job, wait }, now);
      return [{ replaceOne: { filter: { _id }, replacement, upsert: true } }];
    });
    if (operations.length > 0) await limitWaits.bulkWrite(operations, { ordered: false });
  }

  async removeWaits(name: string, ids: readonly JobId[]): Promise<void> {
    if (ids.length === 0) return;
    await this.#connection.limitWaits.deleteMany({ _id: { $in: ids.map((id) => idOf(name, id)) } });
  }

  /** How many wait for a place, up to `most`. */
  countPlaces(name: string, most: number): Promise<number> {
    return this.#connection.limitWaits.countDocuments({ limit: name, since: { $exists: true } }, { limit: most });
  }

  /** The next limit by name under which jobs wait for a place. */
  async nextLine(after: string): Promise<LimitHold | undefined> {
    const { limits, limitWaits } = this.#connection;
    const waiting = limitWaits.find({ limit: { $gt: after }, since: { $exists: true } });
    const [first] = await waiting.sort({ limit: 1, since: 1 }).limit(1).toArray();
    if (!first) return undefined;
    const known = await limits.findOne({ _id: first.limit }, { projection: { concurrency: 1 } });
    return lineOf(first.limit, known?.concurrency);
  }

  async firstInLine(name: string, count: number): Promise<JobRef[]> {
    const waiting = this.#connection.limitWaits.find({ limit: name, since: { $exists: true } });
    const found = await waiting.sort({ limit: 1, since: 1 }).limit(count).toArray();
    return found.map(({ job, queue }) => ({ id: job, queue }));
  }
}

function waitOf({ slot, again }: LimitWaitDocument): LimitWait {
  return slot === undefined ? { place: true } : { slot, ...(again ? { again } : {}) };
}

function waitDocument(limit: string, { job, wait }: NewWait, now: number): Omit<LimitWaitDocument, "_id"> {
  const known = { limit, job: job.id, queue: job.queue };
  if ("slot" in wait) return { ...known, ...wait, expiresAt: new Date(wait.slot + day) };
  return { ...known, since: now, expiresAt: new Date(now + 30 * day) };
}

function idOf(name: string, id: JobId): string {
  return `${id} ${name}`;
}
