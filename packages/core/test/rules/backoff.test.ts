import { describe, expect, test } from "@jest/globals";
import { type Backoff, backoffDelay, defaultBackoff } from "@tandemq/core";
import * as fc from "fast-check";

const plain = { delay: 1000, jitter: 0 };
const delays = (backoff: Backoff) => [1, 2, 3, 4, 5].map((attempt) => backoffDelay(backoff, attempt));

describe("backoffDelay", () => {
  test.each<[Backoff["type"], number[]]>([
    ["fixed", [1000, 1000, 1000, 1000, 1000]],
    ["linear", [1000, 2000, 3000, 4000, 5000]],
    ["exponential", [1000, 2000, 4000, 8000, 16_000]],
  ])("%s grows so", (type, expected) => {
    expect(delays({ ...plain, type })).toEqual(expected);
  });

  test("is at most `max`, one hour by default, however many runs there were", () => {
    expect(backoffDelay({ ...plain, type: "exponential", max: 5000 }, 10)).toBe(5000);
    expect(backoffDelay({ ...plain, type: "exponential" }, 5000)).toBe(3_600_000);
  });

  test("jitter spreads it evenly around the middle, 20 % by default", () => {
    const backoff: Backoff = { type: "fixed", delay: 1000 };
    expect([0, 0.5, 0.999_999].map((random) => backoffDelay(backoff, 1, random))).toEqual([800, 1000, 1200]);
    expect(defaultBackoff).toEqual({ type: "exponential", delay: 1000, max: 3_600_000, jitter: 0.2 });
  });

  test("is always a whole number within its bounds", () => {
    const backoffs = fc.record({
      type: fc.constantFrom("fixed" as const, "linear" as const, "exponential" as const),
      delay: fc.nat(10_000_000),
      max: fc.option(fc.nat(10_000_000), { nil: undefined }),
      jitter: fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { nil: undefined }),
    });
    fc.assert(
      fc.property(backoffs, fc.integer({ min: 1, max: 1000 }), (backoff, attempt) => {
        const delay = backoffDelay(backoff, attempt);
        expect(Number.isInteger(delay)).toBe(true);
        expect(delay).toBeGreaterThanOrEqual(0);
        expect(delay).toBeLessThanOrEqual(Math.ceil((backoff.max ?? 3_600_000) * (1 + (backoff.jitter ?? 0.2))));
      }),
    );
  });
});
