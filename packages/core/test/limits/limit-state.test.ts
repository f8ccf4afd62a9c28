import { describe, expect, test } from "@jest/globals";
import * as fc from "fast-check";
import { decide, type LimitWait, newLimitState } from "../../src/limits/limit-state.js";

const figures = fc.record({ max: fc.integer({ min: 1, max: 5 }), per: fc.integer({ min: 50, max: 1000 }) });
/** Milliseconds by which a job comes late, and how many new ones arrive with it. */
const story = fc.array(fc.record({ late: fc.nat(300), arriving: fc.nat(4) }), { minLength: 20, maxLength: 60 });

interface Waiting {
  readonly id: string;
  due: number;
  wait?: LimitWait;
}

/** Plays jobs that come when they are due, or later, until all have started. */
function play(limit: { max: number; per: number }, moves: readonly { late: number; arriving: number }[]) {
  const state = newLimitState();
  const starts: number[] = [];
  let now = 1_000_000;
  let line: Waiting[] = [];
  let count = 0;
  const step = (late: number, arriving: number) => {
    now = Math.max(now, line[0]?.due ?? now) + late;
    for (let i = 0; i < arriving; i++) line.push({ id: `job-${++count}`, due: now });
    let refused = 0;
    for (const job of line.filter(({ due }) => due <= now)) {
      const ask = { limit: "l", job: { id: job.id, queue: "q" }, token: `${job.id} ${now}`, ...limit };
      const decision = decide(state, ask, job.wait, { now, lease: 1000, refused });
      if (decision === "go") starts.push(now);
      else if ("slot" in decision) {
        refused += 1;
        Object.assign(job, { due: decision.slot, wait: decision });
      }
    }
    line = line.filter(({ due }) => due > now).sort((a, b) => a.due - b.due);
  };
  for (const { late, arriving } of moves) step(late, arriving);
  for (let i = 0; line.length > 0 && i < 10_000; i++) step(0, 0);
  return { starts, count };
}

describe("the rate of starts", () => {
  test("is never more than max in any window, and every job has its start", () => {
    fc.assert(
      fc.property(figures, story, (limit, moves) => {
        const { starts, count } = play(limit, moves);
        expect(starts).toHaveLength(count);
        starts.forEach((at, i) => {
          const next = starts[i + limit.max];
          if (next !== undefined) expect(next - at).toBeGreaterThanOrEqual(limit.per);
        });
      }),
      { numRuns: 200 },
    );
  });

  test("uses at least 95 per cent of what is allowed by jobs that come in time", () => {
    const limit = { max: 5, per: 1000 };
    const { starts } = play(limit, [{ late: 0, arriving: 500 }]);
    const ideal = (starts.length / limit.max - 1) * limit.per;
    expect(((starts.at(-1) ?? 0) - (starts[0] ?? 0)) * 0.95).toBeLessThanOrEqual(ideal);
  });
});
