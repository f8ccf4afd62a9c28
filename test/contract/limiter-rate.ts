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
    /** All jobs ask at once, in order; from then on the named ones do, so many milliseconds later. 0: it starts. */
    const script = async ({ max, per, jobs: count }: Pick<Story, "max" | "per" | "jobs">) => {
      const jobs = Array.from({ length: count }, (_, i) => ({ id: newJobId(), queue: "q", token: `t${i}` }));
      const [limiter] = modelled.limiters;
      const limit = unique("rate");
      const began = now;
      const asks = jobs.map(({ token, ...job }): LimitAsk => ({ limit, job, token, max, per }));
      const ask = async (...some: readonly number[]) => {
        const answers = await limiter.ask(
          some.map((i) => asks[i] as LimitAsk),
          60_000,
        );
        return answers.map((answer) => (answer.state === "go" ? 0 : Math.round(answer.ms)));
      };
      const at = <T>(ms: number, act: () => Promise<T>): Promise<T> => {
        now = began + Math.ceil(ms);
        return act();
      };
      await ask(...jobs.keys());
      return { ask, at };
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

    // The second resumes between the starts that are told again and those that others still have reserved.
    test.each([5000, 5700])(
      "after an outage each is asked for once more at most: nobody is told a time that another has (of %i ms)",
      async (outage) => {
        const { starts, asked } = await tell({ ...steady, lateness: 0, outage, arriving: 0, seed: 3 });
        const resumed = starts.filter((at) => at >= (starts[0] ?? 0) + outage);
        expect(usedOf(resumed, steady)).toBeGreaterThanOrEqual(0.95);
        expect(Math.max(...asked)).toBeLessThanOrEqual(3);
      },
    );

    test("a start that is kept for a job that comes late again is not lost: who comes meanwhile has it", async () => {
      const { ask, at } = await script({ max: 2, per: 1000, jobs: 8 });
      await at(2050, () => ask(4));
      await at(2400, () => ask(5));
      expect(await at(2410, () => ask(2, 3))).toEqual([640, 990]);
      expect(await at(3060, () => ask(6))).toEqual([0]);
      expect(await at(3070, () => ask(2))).toEqual([330]);
    });

    test("a job that comes late for the second time, too, does not go behind those that came after it", async () => {
      const { ask, at } = await script({ max: 1, per: 1000, jobs: 30 });
      expect(await at(2_100, () => ask(2))).toEqual([0]);
      const [wait = 0] = await at(2_200, () => ask(1));
      expect(wait).toBeLessThanOrEqual(1_000);
      const come = 2_200 + wait + 100;
      expect(await at(come, () => ask(3))).toEqual([0]);
      const [again] = await at(come + 300, () => ask(1));
      expect(again).toBeLessThanOrEqual(1_000);
    });
  });
}
