import type { JobId } from "../model/job.js";
import type { LimitAsk, LimitFigures, LimitHold } from "../ports/limiter.js";
import { behind, firstFree } from "./window.js";

/** A start, by the store's clock, and what it was counted for (`startOf`). One that is told early may be still to come. */
export interface CountedStart {
  readonly at: number;
  readonly token: string;
}

/** A place that is held until its lease is over. */
export interface HeldPlace {
  readonly id: string;
  readonly token: string;
  readonly until: number;
}

/** What a store remembers of one limit, beside the jobs that wait under it. */
export interface LimitState {
  /** Those that count, in order. */
  starts: CountedStart[];
  /** The last `max` times at which a start was reserved for a job that came first, in order. */
  slots: number[];
  /** The last `max` times at which one was reserved for a job that had come at its time and found it gone, in order. */
  again: number[];
  places: HeldPlace[];
  /** As it was asked for last by a job that has to wait for a place. */
  concurrency?: number;
}

/** What a job waits for: the time of its own start, `again` if it had one before and it was gone; or a place. */
export type LimitWait = { readonly slot: number; readonly again?: boolean } | { readonly place: true };

/** It starts then: now, or a little later. */
export interface Go {
  readonly go: number;
}

/** `full`: it might start, but its claimer has no room for it. */
export type Decision = Go | "full" | LimitWait;

type Reserved = Extract<LimitWait, { slot: number }>;

/** A start that was reserved again and is past is not waited for longer than this, milliseconds. */
const lateness = 200;

/** About so many starts are told early at a time: each of them keeps a slot of a worker. */
const mostEarly = 32;

export function newLimitState(): LimitState {
  return { starts: [], slots: [], again: [], places: [] };
}

/** Names one counted start: the deliveries that were claimed together share their token. */
export function startOf({ id, token }: Pick<LimitHold, "id" | "token">): string {
  return `${id} ${token}`;
}

/**
 * Answers one ask and changes the state. A start is counted at the time at which it is to be, now or a little later, and
 * never where a window would have more than `max`. Between reserved starts a little time is left for those that come late.
 */
export function decide(
  state: LimitState,
  ask: LimitAsk,
  known: LimitWait | undefined,
  clock: { readonly now: number; readonly lease: number; readonly full?: boolean },
): Decision {
  const { now, lease, full = false } = clock;
  const { job, token, max, concurrency } = ask;
  forget(state, ask, now);
  if (!mayTakePlace(state, ask)) return { place: true };
  const own = known && "slot" in known ? known : undefined;
  const at = timeOf(state, ask, own, now);
  if (at <= now && full) return "full";
  state.places = state.places.filter(({ id }) => id !== job.id);
  if (at > now + (full ? 0 : heldFor(ask, own))) return reserve(state, ask, own, at);
  if (own) release(state, own);
  if (max !== undefined) addStart(state, { at, token: startOf({ id: job.id, token }) });
  if (concurrency !== undefined) state.places.push({ id: job.id, token, until: at + lease });
  return { go: at };
}

/** Answers those who ask together, in their order: `room` of them may go. */
export function decideAll(
  state: LimitState,
  asks: readonly LimitAsk[],
  known: ReadonlyMap<JobId, LimitWait>,
  { room, ...clock }: { readonly now: number; readonly lease: number; readonly room: number },
): Decision[] {
  let gone = 0;
  return asks.map((ask) => {
    const decision = decide(state, ask, known.get(ask.job.id), { ...clock, full: gone >= room });
    if (isGo(decision)) gone += 1;
    return decision;
  });
}

export function isGo(decision: Decision | undefined): decision is Go {
  return typeof decision === "object" && "go" in decision;
}

/**
 * When a job comes back for the start that is reserved for it: who can hold it comes earlier by the time that was left, so
 * that even its claim is no sooner than a window after the start whose place it takes.
 */
export function returnOf({ slot }: { readonly slot: number }, ask: LimitAsk): number {
  return slot - Math.min(earlyOf(ask), slackOf(ask.per ?? 0));
}

/** Whether the limit has a place to give away. */
export function hasPlace({ places }: LimitState, { concurrency = Number.POSITIVE_INFINITY }: LimitFigures): boolean {
  return places.length < concurrency;
}

export function forget(state: LimitState, { per = 0 }: LimitFigures, now: number): void {
  state.starts = state.starts.filter(({ at }) => at > now - per);
  state.again = state.again.filter((at) => at > now - lateness);
  state.places = state.places.filter(({ until }) => until > now);
}

/** How long a job that waits for a place looks away, should nobody tell it: the further behind, the longer. */
export function patienceOf(position: number, lease: number): number {
  return Math.min(lease * (1 + position), 21_600_000);
}

function mayTakePlace(state: LimitState, ask: LimitAsk): boolean {
  return hasPlace(state, ask) || state.places.some(({ id }) => id === ask.job.id);
}

/** One that is seen first is not kept for as long as one that has waited: it can still come back. */
function heldFor(ask: LimitAsk, own: Reserved | undefined): number {
  return own ? earlyOf(ask) : earlyOf(ask) / 3;
}

/** How long before its start it may be let go. */
function earlyOf({ early = 0, max = 1, per = 0 }: LimitAsk): number {
  return Math.min(early, Math.floor((mostEarly * per) / max));
}

/**
 * Now, or when it may start: behind all others, or for a job whose time has come as soon as can be. What came late and
 * found its start gone stands in a line of its own. Others stand behind it where no start is free in time: a start that is
 * kept for one that comes late itself would be nobody's. Where the line is as long as a window, in time is right now, or
 * those in line would lose their turns to those behind them.
 */
function timeOf(state: LimitState, ask: LimitAsk, own: Reserved | undefined, now: number): number {
  const { max, per = 0 } = ask;
  if (max === undefined) return now;
  const { slots, again } = state;
  const starts = state.starts.map(({ at }) => at);
  if (!own) return lastOf([starts, slots, again], max, per, now);
  if (own.slot > now + earlyOf(ask)) return own.slot;
  const from = Math.max(now, own.slot);
  const free = firstFree(starts, max, per, from);
  const others = own.again ? 0 : again.filter((at) => at > now).length;
  const latest = now + (others < max ? earlyOf(ask) : 0);
  return others === 0 || free <= latest ? free : Math.max(from, behind([starts, again], max, per));
}

function lastOf(taken: readonly (readonly number[])[], max: number, per: number, now: number): number {
  const at = behind(taken, max, per);
  return at <= now ? now : at + slackOf(per);
}

function reserve(state: LimitState, { max = 1 }: LimitFigures, own: Reserved | undefined, at: number): Reserved {
  if (own?.slot === at) return own;
  if (own) release(state, own);
  const line = own ? "again" : "slots";
  state[line] = [...state[line], at].sort((a, b) => a - b).slice(-max);
  return own ? { slot: at, again: true } : { slot: at };
}

function release(state: LimitState, { slot, again }: Reserved): void {
  const line = again ? "again" : "slots";
  state[line] = without(state[line], slot);
}

function addStart(state: LimitState, start: CountedStart): void {
  const place = state.starts.findLastIndex(({ at }) => at <= start.at);
  state.starts = state.starts.toSpliced(place + 1, 0, start);
}

/** A job that comes so late is still in time: at most two per cent of what the limit allows are lost to it. */
function slackOf(per: number): number {
  return Math.min(10, Math.ceil(per / 50));
}

function without(list: readonly number[], value: number): number[] {
  const place = list.indexOf(value);
  return place < 0 ? [...list] : list.toSpliced(place, 1);
}
