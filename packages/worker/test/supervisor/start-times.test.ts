import { afterEach, beforeEach, expect, jest, test } from "@jest/globals";
import { StartTimes } from "../../src/supervisor/admission/start-times.js";

const own = (n: number) => ({ id: `job ${n}`, token: "claim" });

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

test("a time that nobody drops is forgotten when it is past", () => {
  const starts = new StartTimes();
  starts.set(own(1), performance.now() + 100);
  jest.advanceTimersByTime(99);
  expect([starts.empty, starts.of(own(1))]).toEqual([false, performance.now() + 1]);
  jest.advanceTimersByTime(1);
  expect([starts.empty, starts.of(own(1))]).toEqual([true, undefined]);
});

test("however many are set and never dropped, those that are past make way for the next", () => {
  const starts = new StartTimes();
  for (let n = 0; n < 1000; n++) {
    starts.set(own(n), performance.now() + 10);
    jest.advanceTimersByTime(1);
  }
  const held = Array.from({ length: 1000 }, (_, n) => starts.of(own(n))).filter((at) => at !== undefined);
  expect(held.length).toBeLessThanOrEqual(64);
  expect(starts.of(own(999))).toBeDefined();
});

test("none of those that are still to come is forgotten", () => {
  const starts = new StartTimes();
  for (let n = 0; n < 1000; n++) starts.set(own(n), performance.now() + 100);
  for (let n = 0; n < 1000; n++) expect(starts.of(own(n))).toBe(performance.now() + 100);
});
