import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type LimitAnswer, type LimitAsk, type Limiter, newJobId } from "@tandemq/core";
import * as fc from "fast-check";
import { unique } from "../support/unique.js";
import { type Story, play, usedOf, fullest } from "./property/starts.js";

/** A limiter that takes its time from a clock of the test's, and another one on the same store. */
export interface ModelledLimiter {
  readonly limiters: readonly [Limiter, Limiter];
  close(): Promise<void>;
}

/** How late jobs may come that are in time, milliseconds, where they may be let go early by twice as much. */
const inTime = 100;

const stories: fc.Arbitrary<Story> = fc.record({
  max: fc.integer({ min: 1, max: 5 }),
  per: fc.integer({ min: 50, max: 1000 }),
  jobs: fc.integer({ min: 5, max: 40 }),
  batch: fc.integer({ min: 1, max: 10 }),
  lateness: fc.constantFrom(0, 20, 100, 300, 1000),
  rarely: fc.constantFrom(0, 2000),
  vanish: fc.constantFrom(0, 0.2),
  arriving: fc.constantFrom(0, 3000),
  early: fc.constantFrom(0, 200),
  seed: fc.nat(),
});

/** What limiters promise of starts in a time, whoever asks and however late: in a model's time, so the machine's does not matter. */
export function limiterRate(
  name: string,
  open: (now: () => number) => Promise<ModelledLimiter>,
  { runs }: { /** Stories that are played. */ readonly runs: number },
): void {
  describe(`the rate of starts: ${name}`, () => {
    // Whole milliseconds, and never behind the store's own clock, which forgets what is over.
    let now = Date.now() + 86_400_000;
    let modelled: ModelledLimiter;
    const tell = (story: Story) => {
      const limit = unique("rate");
      let turn = 0;
      const ask = (asks: readonly Omit<LimitAsk, "limit">[], room: number): Promise<LimitAnswer[]> => {
        const limiter = modelled.limiters[turn++ % 2] as Limiter;
        return limiter.ask(
          asks.map((one) => ({ ...one, limit })),
          60_000,
          room,
        );
      };
      const clock = { now: () => now, set: (to: number) => (now = Math.max(now, to)) };
      return play(story, { ask, clock, newId: newJobId });
    };
    beforeAll(async () => {
      modelled = await open(() => now);
    });
    afterAll(() => modelled.close());

    test("never more than max in any window, and every job that comes again has its start", async () => {
      const property = fc.asyncProperty(stories, async (story) => {
        const { starts, vanished } = await tell(story);
        expect(starts.length + vanished).toBe(story.jobs);
        expect(fullest(starts, story.per)).toBeLessThanOrEqual(story.max);
      });
      await fc.assert(property, { numRuns: runs, endOnFailure: true });
    });

    const steady = { max: 10, per: 1000, jobs: 120, batch: 20, rarely: 0, vanish: 0, early: 200 };

    test.each([0, 6000])(
      "at least 95 per cent are used by jobs that come in time, each asked for twice at most (arriving in %i ms)",
      async (arriving) => {
        const { starts, asked } = await tell({ ...steady, lateness: inTime, arriving, seed: 7 });
        expect(usedOf(starts, steady)).toBeGreaterThanOrEqual(0.95);
        expect(Math.max(...asked)).toBeLessThanOrEqual(2);
      },
    );

    test("one in twenty that comes late by up to two windows takes little from the others", async () => {
      const { starts, asked } = await tell({ ...steady, lateness: inTime, rarely: 2000, arriving: 0, seed: 11 });
      expect(usedOf(starts, steady)).toBeGreaterThanOrEqual(0.75);
      expect(asked.reduce((sum, n) => sum + n, 0) / steady.jobs).toBeLessThanOrEqual(2.75);
    });

    test("after an outage each is asked for once more at most: nobody is told a time that another has", async () => {
      const { starts, asked } = await tell({ ...steady, lateness: 0, outage: 5000, arriving: 0, seed: 3 });
      const resumed = starts.filter((at) => at >= (starts[0] ?? 0) + 5000);
      expect(usedOf(resumed, steady)).toBeGreaterThanOrEqual(0.95);
      expect(Math.max(...asked)).toBeLessThanOrEqual(3);
    });

    test("a job that comes late for the second time, too, does not go behind those that came after it", async () => {
      const jobs = Array.from({ length: 30 }, (_, i) => ({ id: newJobId(), queue: "q", token: `t${i}` }));
      const [limiter] = modelled.limiters;
      const limit = unique("rate");
      const ask = async (...some: readonly number[]) => {
        const asks = jobs.map(({ token, ...job }) => ({ limit, job, token, max: 1, per: 1000 }));
        const answers = await limiter.ask(
          some.map((i) => asks[i] as LimitAsk),
          60_000,
        );
        return answers.map((answer) => (answer.state === "go" ? 0 : answer.ms));
      };
      await ask(...jobs.keys());
      now += 2_100;
      expect(await ask(2)).toEqual([0]);
      now += 100;
      const [wait = 0] = await ask(1);
      expect(wait).toBeLessThanOrEqual(1_000);
      now += wait + 100;
      expect(await ask(3)).toEqual([0]);
      now += 300;
      const [again] = await ask(1);
      expect(again).toBeLessThanOrEqual(1_000);
    });
  });
}
