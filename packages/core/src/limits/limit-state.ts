import type { LimitAsk, LimitFigures } from "../ports/limiter.js";

/** A start, by the store's clock, and the delivery it was counted for. */
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

export function newLimitState(): LimitState {
  return { starts: [], slots: [], places: [] };
}

/** Answers one ask and changes the state. Between reserved starts a little room is left for those that come late. */
export function decide(
  state: LimitState,
  ask: LimitAsk,
  known: LimitWait | undefined,
  clock: { readonly now: number; readonly lease: number; readonly refused: number },
): "go" | LimitWait {
  const { now, lease } = clock;
  forget(state, ask, now);
  if (!mayTakePlace(state, ask)) return { place: true };
  const slot = known && "slot" in known ? known.slot : undefined;
  const at = ask.max === undefined ? now : startTime(state, ask, slot, clock);
  state.places = state.places.filter(({ id }) => id !== ask.job.id);
  if (at > now) return { slot: at };
  if (ask.max !== undefined) state.starts.push({ at: now, token: ask.token });
  if (ask.concurrency !== undefined) state.places.push({ id: ask.job.id, token: ask.token, until: now + lease });
  return "go";
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
