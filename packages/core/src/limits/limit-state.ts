import type { JobId } from "../model/job.js";
import type { LimitAsk, LimitFigures, LimitHold } from "../ports/limiter.js";

/** A start, by the store's clock, and what it was counted for (`startOf`). */
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
  /** Those that count: the newest last. */
  starts: CountedStart[];
  /** The last `max` times at which a start was reserved, in order. */
  slots: number[];
  places: HeldPlace[];
}

/** What a job waits for: the time of its own start, or a place. */
export type LimitWait = { readonly slot: number } | { readonly place: true };

/** `full`: it might start, but its claimer has no room for it. */
export type Decision = "go" | "full" | LimitWait;

export function newLimitState(): LimitState {
  return { starts: [], slots: [], places: [] };
}

/** Names one counted start: the deliveries that were claimed together share their token. */
export function startOf({ id, token }: Pick<LimitHold, "id" | "token">): string {
  return `${id} ${token}`;
}

/**
 * Answers one ask and changes the state. Between reserved starts a little time is left for those that come late.
 */
export function decide(
  state: LimitState,
  ask: LimitAsk,
  known: LimitWait | undefined,
  clock: { readonly now: number; readonly lease: number; readonly refused: number; readonly full?: boolean },
): Decision {
  const { now, lease, full } = clock;
  forget(state, ask, now);
  if (!mayTakePlace(state, ask)) return { place: true };
  const slot = known && "slot" in known ? known.slot : undefined;
  if (full && mayStart(state, ask, slot, now)) return "full";
  const at = ask.max === undefined ? now : startTime(state, ask, slot, clock);
  state.places = state.places.filter(({ id }) => id !== ask.job.id);
  if (at > now) return { slot: at };
  if (ask.max !== undefined) state.starts.push({ at: now, token: startOf({ ...ask, id: ask.job.id }) });
  if (ask.concurrency !== undefined) state.places.push({ id: ask.job.id, token: ask.token, until: now + lease });
  return "go";
}

/** Answers those who ask together, in their order: `room` of them may go. */
export function decideAll(
  state: LimitState,
  asks: readonly LimitAsk[],
  known: ReadonlyMap<JobId, LimitWait>,
  { room, ...clock }: { readonly now: number; readonly lease: number; readonly room: number },
): Decision[] {
  let [refused, gone] = [0, 0];
  return asks.map((ask) => {
    const decision = decide(state, ask, known.get(ask.job.id), { ...clock, refused, full: gone >= room });
    if (decision === "go") gone += 1;
    else if (decision !== "full") refused += 1;
    return decision;
  });
}

/** Whether the limit has a place to give away. */
export function hasPlace({ places }: LimitState, { concurrency = Number.POSITIVE_INFINITY }: LimitFigures): boolean {
  return places.length < concurrency;
}

export function forget(state: LimitState, { per = 0 }: LimitFigures, now: number): void {
  state.starts = state.starts.filter(({ at }) => at > now - per);
  state.places = state.places.filter(({ until }) => until > now);
}

/** How long a job that waits for a place looks away, should nobody tell it: the further behind, the longer. */
export function patienceOf(position: number, lease: number): number {
  return Math.min(lease * (1 + position), 21_600_000);
}

function mayTakePlace(state: LimitState, ask: LimitAsk): boolean {
  return hasPlace(state, ask) || state.places.some(({ id }) => id === ask.job.id);
}

function mayStart(state: LimitState, { max, per = 0 }: LimitFigures, slot: number | undefined, now: number): boolean {
  if (max === undefined) return true;
  return slot === undefined ? lastSlot(state, max, per, now) <= now : slot <= now && state.starts.length < max;
}

/** Now, or when a start is reserved: behind all others, or as soon as can be for a job whose time has come. */
function startTime(
  state: LimitState,
  { max = 1, per = 0 }: LimitFigures,
  slot: number | undefined,
  { now, refused }: { now: number; refused: number },
): number {
  if (slot !== undefined && slot > now) return slot;
  if (slot !== undefined) state.slots = without(state.slots, slot);
  const at = slot === undefined ? lastSlot(state, max, per, now) : earliest(state, max, per, now, refused);
  if (at > now) state.slots = [...state.slots, at].sort((a, b) => a - b).slice(-max);
  return at;
}

function lastSlot({ starts, slots }: LimitState, max: number, per: number, now: number): number {
  const taken = [...starts.map(({ at }) => at), ...slots].sort((a, b) => a - b);
  const before = taken.at(-max);
  return before === undefined || before + per <= now ? now : before + per + slackOf(per);
}

function earliest({ starts }: LimitState, max: number, per: number, now: number, refused: number): number {
  if (starts.length < max) return now;
  return (starts[Math.min(starts.length - 1, starts.length - max + refused)]?.at ?? now) + per;
}

/** A job that comes so late is still in time: at most two per cent of what the limit allows are lost to it. */
function slackOf(per: number): number {
  return Math.min(20, Math.ceil(per / 50));
}

function without(list: readonly number[], value: number): number[] {
  const place = list.indexOf(value);
  return place < 0 ? [...list] : list.toSpliced(place, 1);
}
