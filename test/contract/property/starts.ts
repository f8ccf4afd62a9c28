import type { JobId, LimitAnswer, LimitAsk } from "@tandemq/core";

/** Jobs under one limit. Times in milliseconds. */
export interface Story {
  readonly max: number;
  readonly per: number;
  readonly jobs: number;
  /** They arrive at random within so long. */
  readonly arriving: number;
  /** Most that ask together. */
  readonly batch: number;
  /** They come late by up to so much, one in twenty by up to `rarely`. */
  readonly lateness: number;
  readonly rarely: number;
  /** So many of those that have come before never come again. */
  readonly vanish: number;
  /** So long before their start they may be let go. */
  readonly early: number;
  /** From half a window on nobody asks for so long. */
  readonly outage?: number;
  readonly seed: number;
}

export interface Stage {
  ask(asks: readonly Omit<LimitAsk, "limit">[], room: number): Promise<LimitAnswer[]>;
  readonly clock: { now(): number; set(to: number): void };
  newId(): JobId;
}

interface Asker {
  readonly id: JobId;
  at: number;
  asked: number;
}

export interface Played {
  /** In order. */
  readonly starts: readonly number[];
  /** How often each job was asked for. */
  readonly asked: readonly number[];
  readonly vanished: number;
}

/** Plays a story to its end. */
export async function play(story: Story, { ask, clock, newId }: Stage): Promise<Played> {
  const random = randomOf(story.seed);
  const began = clock.now();
  const jobs: Asker[] = Array.from({ length: story.jobs }, () => {
    return { id: newId(), at: began + Math.floor(random() * story.arriving), asked: 0 };
  });
  let line = jobs;
  let vanished = 0;
  const starts: number[] = [];
  while (line.length > 0) {
    line = line.sort((a, b) => a.at - b.at);
    clock.set(afterOutage(line[0]?.at ?? 0, began, story));
    const now = clock.now();
    const some = line.filter(({ at }) => at <= now).slice(0, story.batch);
    const answers = await ask(
      some.map((asker) => askOf(asker, story)),
      some.length,
    );
    answers.forEach((answer, i) => {
      const asker = some[i] as Asker;
      if (answer.state === "go") starts.push(now + (answer.ms ?? 0));
      else if (random() < story.vanish) vanished++;
      else return void (asker.at = now + Math.ceil(answer.ms) + latenessOf(story, random));
      line = line.filter((one) => one !== asker);
    });
  }
  return { starts: starts.sort((a, b) => a - b), asked: jobs.map(({ asked }) => asked), vanished };
}

/** The most that start within one window. */
export function fullest(starts: readonly number[], per: number): number {
  return Math.max(0, ...starts.map((from) => starts.filter((at) => at >= from && at < from + per).length));
}

/** The part of the allowed starts that was used from when the first window was full until the last. */
export function usedOf(starts: readonly number[], { max, per }: { max: number; per: number }): number {
  const span = (starts.at(-1) ?? 0) - (starts[max - 1] ?? 0);
  return ((starts.length - max) / max) * (per / span);
}

function askOf(asker: Asker, { max, per, early }: Story): Omit<LimitAsk, "limit"> {
  const token = `worker.${asker.asked++}`;
  return { job: { id: asker.id, queue: "q" }, token, max, per, ...(early > 0 ? { early } : {}) };
}

function afterOutage(at: number, began: number, { per, outage = 0 }: Story): number {
  const from = began + per / 2;
  return at > from && at < from + outage ? from + outage : at;
}

function latenessOf({ lateness, rarely }: Story, random: () => number): number {
  const most = rarely > 0 && random() < 0.05 ? rarely : lateness;
  return Math.floor(random() * (most + 1));
}

/** The same numbers for the same seed. */
function randomOf(seed: number): () => number {
  let state = seed % 2_147_483_648;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}
