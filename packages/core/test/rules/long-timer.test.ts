import { afterEach, beforeEach, expect, jest, test } from "@jest/globals";
import { startLongTimer } from "@tandemq/core";

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

const day = 86_400_000;

test.each([0, 5, 24 * day, 30 * day, 100 * day])("calls once, after %d ms and not before", (ms) => {
  let calls = 0;
  startLongTimer(ms, () => calls++);
  jest.advanceTimersByTime(Math.max(0, ms - 1));
  if (ms > 0) expect(calls).toBe(0);
  jest.advanceTimersByTime(1);
  expect(calls).toBe(1);
  jest.advanceTimersByTime(100 * day);
  expect(calls).toBe(1);
});

test("can be ended in any of its parts", () => {
  let calls = 0;
  const end = startLongTimer(60 * day, () => calls++);
  jest.advanceTimersByTime(40 * day);
  end();
  jest.advanceTimersByTime(60 * day);
  expect([calls, jest.getTimerCount()]).toEqual([0, 0]);
});
