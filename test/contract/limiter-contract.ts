import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type LimitAnswer, type LimitAsk, type Limiter, type LimitHold, newJobId } from "@tandemq/core";
import { unique } from "../support/unique.js";
import { inTime } from "../support/patience.js";
import { waitFor } from "../support/wait-for.js";

/** A limiter under test, another one on the same store, and how to end what they stand on. */
export interface LimiterHarness {
  readonly limiter: Limiter;
  readonly other: Limiter;
  /** The store's time, milliseconds. */
  now(): Promise<number>;
  close(): Promise<void>;
}

const lease = 60_000;
let count = 0;

function ask(limit: string, figures: Partial<LimitAsk>, id: string = newJobId()): LimitAsk {
  return { limit, job: { id, queue: "q" }, token: `worker.${++count}`, ...figures };
}

const holdOf = ({ limit, job, token, concurrency }: LimitAsk, more: Partial<LimitHold> = {}): LimitHold => {
  return { limit, id: job.id, token, ...(concurrency === undefined ? {} : { concurrency }), ...more };
};

/** The lines of these limits: other tests have jobs that wait, too. */
async function waitingUnder(limiter: Limiter, limits: readonly string[]): Promise<LimitHold[]> {
  return (await limiter.waiting(1_000)).filter(({ limit }) => limits.includes(limit));
}

const went = (answer: LimitAnswer | undefined) => answer?.state === "go";

/** Every promise of the `Limiter` port, as tests. */
export function limiterContract(name: string, open: () => Promise<LimiterHarness>): void {
  describe(`the contract of limiters: ${name}`, () => {
    let h: LimiterHarness;
    const limit = (): string => unique("limit");
    beforeAll(async () => {
      h = await open();
    });
    afterAll(() => h.close());

    test("max starts go at once, later ones get times of their own", async () => {
      const figures = { max: 3, per: 60_000 };
      const one = limit();
      const answers = await h.limiter.ask(
        Array.from({ length: 7 }, () => ask(one, figures)),
        lease,
      );
      expect(answers.map(went)).toEqual([true, true, true, false, false, false, false]);
      const waits = answers.flatMap((answer) => (answer.state === "wait" ? [answer.ms] : []));
      for (const ms of waits.slice(0, 3)) expect(ms).toBeGreaterThan(59_000);
      expect(waits[3]).toBeGreaterThan(119_000);
      expect(waits[3]).toBeLessThan(125_000);
      const [again] = await h.other.ask([ask(one, figures)], lease);
      expect(again?.state === "wait" && again.ms > 60_000).toBe(true);
    });

    test("a start that was told early counts for its whole window, whoever starts meanwhile", () =>
      inTime(600, async (per) => {
        const one = limit();
        const figures = { max: 2, per };
        const early = { ...figures, early: (per * 2) / 3 };
        const [first, second, told] = [ask(one, figures), ask(one, figures), ask(one, early)];
        await h.limiter.ask([first, second], lease);
        await h.limiter.ask([told], lease);
        await h.limiter.release([first, second].map((gone) => holdOf(gone, { undo: true })));
        await sleep(per * 0.42);
        expect(await h.limiter.ask([told, ask(one, figures)], lease)).toMatchObject([
          { state: "go", ms: expect.any(Number) },
          { state: "go" },
        ]);
        await sleep(per * 1.17);
        const answers = await h.other.ask([ask(one, figures), ask(one, figures)], lease);
        expect(answers.map(went)).toEqual([true, false]);
      }));

    test("a job that comes before its time keeps it", async () => {
      const one = limit();
      const figures = { max: 1, per: 60_000 };
      const early = ask(one, figures);
      await h.limiter.ask([ask(one, figures), early, ask(one, figures)], lease);
      const [answer] = await h.other.ask([{ ...early, token: "again" }], lease);
      expect(answer?.state === "wait" && answer.ms > 30_000 && answer.ms < 65_000).toBe(true);
    });

    test("a job may be let go early: its start is counted at its time, and those that come now stand behind it", async () => {
      const one = limit();
      const figures = { max: 1, per: 10_000 };
      const early = (count: number) => Array.from({ length: count }, () => ask(one, { ...figures, early: 90_000 }));
      const answers = [
        ...(await h.limiter.ask(early(2), lease)),
        ...(await h.other.ask(early(1), lease)),
        ...(await h.limiter.ask([ask(one, figures)], lease)),
      ];
      expect(answers.map(went)).toEqual([true, true, true, false]);
      const times = answers.map(({ ms = 0 }) => Math.round(ms / 10_100));
      expect(times).toEqual([0, 1, 2, 3]);
    });

    test("no more are let go early than there is room for: the others come back for their starts", async () => {
      const one = limit();
      const asks = Array.from({ length: 3 }, () => ask(one, { max: 1, per: 10_000, early: 60_000 }));
      const answers = await h.limiter.ask(asks, lease, 2);
      expect(answers.map(went)).toEqual([true, true, false]);
      expect(answers[2]?.ms).toBeGreaterThan(15_000);
      expect((await h.other.ask(asks.slice(2), lease)).map(went)).toEqual([true]);
    });

    test("other names and other keys are not concerned", async () => {
      const figures = { max: 1, per: 60_000 };
      const names = [limit(), limit()];
      const answers = await h.limiter.ask(
        names.map((one) => ask(one, figures)),
        lease,
      );
      expect(answers.map(went)).toEqual([true, true]);
    });

    test("a start that is taken back is not counted", async () => {
      const one = limit();
      const first = ask(one, { max: 1, per: 60_000 });
      expect(went((await h.limiter.ask([first], lease))[0])).toBe(true);
      await h.other.release([holdOf(first, { undo: true })]);
      expect(went((await h.limiter.ask([ask(one, { max: 1, per: 60_000 })], lease))[0])).toBe(true);
    });

    test("a start that is taken back takes none from those that were claimed with it", async () => {
      const one = limit();
      const figures = { max: 3, per: 60_000 };
      const asks = Array.from({ length: 3 }, () => ({ ...ask(one, figures), token: "one claim" }));
      await h.limiter.ask(asks, lease);
      await h.other.release([holdOf(asks[1] as LimitAsk, { undo: true })]);
      const answers = await h.limiter.ask([ask(one, figures), ask(one, figures)], lease);
      expect(answers.map(went)).toEqual([true, false]);
    });

    test("no more go than their claimer has room for; the others are not counted and keep their turn", async () => {
      const one = limit();
      const figures = { max: 4, per: 60_000, concurrency: 9 };
      const asks = Array.from({ length: 6 }, () => ask(one, figures));
      const answers = await h.limiter.ask(asks, lease, 2);
      expect(answers.map((answer) => (answer.state === "wait" ? answer.ms : "go"))).toEqual(["go", "go", 0, 0, 0, 0]);
      const next = await h.other.ask(asks.slice(2), lease);
      expect(next.map(went)).toEqual([true, true, false, false]);
    });

    test("a job whose time has come keeps it where there is no room for it", async () => {
      const one = limit();
      const figures = { max: 1, per: 60 };
      const [late, early] = [ask(one, figures), ask(one, figures)];
      await h.limiter.ask([ask(one, figures), late], lease);
      await waitFor("its time", async () => {
        const [answer] = await h.other.ask([late], lease, 0);
        return answer?.state === "wait" && answer.ms === 0;
      });
      expect((await h.limiter.ask([early], lease, 0)).map(went)).toEqual([false]);
      expect((await h.limiter.ask([late], lease)).map(went)).toEqual([true]);
    });

    test("never more than max starts in any window, whoever asks and comes late", async () => {
      const one = limit();
      const [max, per] = [3, 60];
      const starts: { readonly asked: number; readonly answered: number }[] = [];
      const run = async (limiter: Limiter) => {
        const id = newJobId();
        for (;;) {
          const asked = await h.now();
          const [answer] = await limiter.ask([ask(one, { max, per }, id)], lease);
          if (answer?.state !== "wait") return starts.push({ asked, answered: await h.now() });
          await new Promise((resolve) => setTimeout(resolve, answer.ms + Math.random() * per));
        }
      };
      const workers = Array.from({ length: 8 }, async (_, i) => {
        for (let n = 0; n < 4; n++) await run(i % 2 === 0 ? h.limiter : h.other);
      });
      await Promise.all(workers);
      expect(starts).toHaveLength(32);
      // A start is counted at some time between question and answer: those that lie in one window for certain.
      const crowded = starts.filter(({ asked: from }) => {
        return starts.filter(({ asked, answered }) => asked >= from && answered < from + per).length > max;
      });
      expect(crowded).toEqual([]);
    });

    test("never more than concurrency places, the next in line is told of the one that is freed", async () => {
      const one = limit();
      const asks = Array.from({ length: 5 }, () => ask(one, { concurrency: 2 }));
      const answers = await h.limiter.ask(asks, lease);
      expect(answers.map(went)).toEqual([true, true, false, false, false]);
      expect(await h.other.release([holdOf(asks[0] as LimitAsk)])).toEqual([{ id: asks[2]?.job.id, queue: "q" }]);
      const [stranger] = await h.limiter.ask([ask(one, { concurrency: 2 })], lease);
      expect(went(stranger)).toBe(false);
      const [told] = await h.other.ask([{ ...(asks[2] as LimitAsk), token: "told" }], lease);
      expect(went(told)).toBe(true);
    });

    test("the place of a job that was told and will not come goes to the next", async () => {
      const one = limit();
      const asks = Array.from({ length: 3 }, () => ask(one, { concurrency: 1 }));
      const [held, gone, next] = asks as [LimitAsk, LimitAsk, LimitAsk];
      await h.limiter.ask(asks, lease);
      expect(await h.limiter.release([holdOf(held)])).toEqual([gone.job]);
      expect(await h.other.release([{ ...holdOf(gone), token: "" }])).toEqual([next.job]);
      expect(await h.other.release([{ ...holdOf(gone), token: "" }])).toEqual([]);
      expect(went((await h.limiter.ask([{ ...next, token: "told" }], lease))[0])).toBe(true);
    });

    test("times stay in order where starts and reserved starts count together", async () => {
      const one = limit();
      const figures = { max: 5, per: 60_000 };
      const times: number[] = [];
      for (const count of [5, 3, 1, 4, 2]) {
        const answers = await h.limiter.ask(
          Array.from({ length: count }, () => ask(one, figures)),
          lease,
        );
        times.push(...answers.map((answer) => (answer.state === "wait" ? Math.round(answer.ms / 60_100) : 0)));
      }
      expect(times).toEqual([0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2]);
    });

    test("a place is freed by its holder only", async () => {
      const one = limit();
      const [held, waiting] = [ask(one, { concurrency: 1 }), ask(one, { concurrency: 1 })];
      await h.limiter.ask([held, waiting], lease);
      expect(await h.limiter.release([{ ...holdOf(held), token: "somebody else" }])).toEqual([]);
      expect(went((await h.limiter.ask([{ ...waiting, token: "w2" }], lease))[0])).toBe(false);
      await h.limiter.release([holdOf(held)]);
      expect(await h.limiter.release([holdOf(held)])).toEqual([]);
    });

    test("the place of a dead holder is free after its lease, one that is extended is not", () =>
      inTime(50, async (brief, passed) => {
        const one = limit();
        const [dead, alive] = [ask(one, { concurrency: 2 }), ask(one, { concurrency: 2 })];
        await h.limiter.ask([dead, alive], brief);
        await h.limiter.extend([holdOf(alive)], lease);
        passed();
        const next = ask(one, { concurrency: 2 });
        await waitFor("the place to be free", async () => went((await h.other.ask([next], lease))[0]));
        expect(went((await h.limiter.ask([ask(one, { concurrency: 2 })], lease))[0])).toBe(false);
      }));

    test("limits under which jobs wait are told, so that a place whose holder died without a word is given on", () =>
      inTime(50, async (brief, passed) => {
        const [one, other] = [limit(), limit()];
        const [dead, alive] = [ask(one, { concurrency: 1 }), ask(other, { concurrency: 1 })];
        const [next, last] = [ask(one, { concurrency: 1 }), ask(other, { concurrency: 1 })];
        await h.limiter.ask([dead, next], brief);
        await h.limiter.ask([alive, last], lease);
        const told: string[] = [];
        const lines = () => waitingUnder(h.other, [one, other]);
        expect((await lines()).map(({ limit, concurrency }) => `${limit} ${concurrency}`).sort()).toEqual(
          [one, other].map((name) => `${name} 1`).sort(),
        );
        expect(await h.other.release((await lines()).filter(({ limit }) => limit === other))).toEqual([]);
        passed();
        await waitFor("the next is called", async () => {
          told.push(...(await h.other.release(await lines())).map(({ id }) => id));
          return told.length > 0;
        });
        expect(told).toEqual([next.job.id]);
        expect((await lines()).map(({ limit }) => limit)).toEqual([other]);
        expect(await h.limiter.release([holdOf(alive)])).toEqual([last.job]);
        expect(await lines()).toEqual([]);
      }));

    test("limits under which jobs wait are told as they were asked for last, by new and by old jobs", async () => {
      const one = limit();
      const held = [ask(one, { concurrency: 2 }), ask(one, { concurrency: 2 })];
      const [before, after] = [ask(one, { concurrency: 2 }), ask(one, { concurrency: 1 })];
      await h.limiter.ask([...held, before], lease);
      await h.limiter.ask([after], lease);
      const lines = async () => (await waitingUnder(h.other, [one])).map(({ concurrency }) => concurrency);
      expect(await lines()).toEqual([1]);
      await h.limiter.ask([{ ...before, token: "again" }], lease);
      expect(await lines()).toEqual([2]);
    });

    test("limits under which jobs wait are told some at a time, all of them in the end", async () => {
      const names = [limit(), limit(), limit()];
      const asks = names.flatMap((one) => [ask(one, { concurrency: 1 }), ask(one, { concurrency: 1 })]);
      await h.limiter.ask(asks, lease);
      const seen = new Set<string>();
      await waitFor("all are told", async () => {
        for (const line of await h.other.waiting(1)) seen.add(line.limit);
        return names.every((name) => seen.has(name));
      });
    });

    test("the same job takes over its own place", async () => {
      const one = limit();
      const first = ask(one, { concurrency: 1 });
      await h.limiter.ask([first], lease);
      const second = { ...first, token: "second" };
      expect(went((await h.other.ask([second], lease))[0])).toBe(true);
      await h.limiter.release([holdOf(first)]);
      expect(went((await h.limiter.ask([ask(one, { concurrency: 1 })], lease))[0])).toBe(false);
    });

    test("of many who ask at once, no more get a place than there are", async () => {
      const one = limit();
      const answers = await Promise.all(
        Array.from({ length: 24 }, (_, i) =>
          (i % 2 ? h.limiter : h.other).ask([ask(one, { concurrency: 3, max: 1000, per: 1000 })], lease),
        ),
      );
      expect(answers.flat().filter(went)).toHaveLength(3);
    });

    test("an action of a window is refused when none is free, at no cost", () =>
      inTime(200, async (per) => {
        const one = limit();
        const answers: number[] = [];
        for (let i = 0; i < 5; i++) answers.push(await (i % 2 ? h.limiter : h.other).take(one, 3, per));
        expect(answers).toEqual([3, 2, 1, 0, 0]);
        await waitFor("the window to move on", async () => (await h.limiter.take(one, 3, per)) > 0);
      }));
  });
}
