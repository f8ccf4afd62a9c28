import { afterEach, beforeEach, expect, jest, test } from "@jest/globals";
import { BrokerUnavailableError } from "@tandemq/core";
import { StoreHealth } from "../../src/modes/raw/store-health.js";

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

test("is not known to be good before a write was taken", async () => {
  const health = new StoreHealth();
  expect(health.good).toBe(false);
  expect(await health.watch(async () => 1)).toBe(1);
  expect(health.good).toBe(true);
});

test("is bad after a write that was not taken, until one is; what is refused for itself does not count", async () => {
  const health = new StoreHealth();
  await health.watch(async () => 1);
  await expect(health.watch(() => Promise.reject(new Error("too deep")))).rejects.toThrow("too deep");
  expect(health.good).toBe(true);
  await expect(health.watch(() => Promise.reject(new BrokerUnavailableError("away")))).rejects.toThrow("away");
  expect(health.good).toBe(false);
  await health.watch(async () => 1);
  expect(health.good).toBe(true);
});

test("is bad while a write waits for long, however many others are young", async () => {
  const health = new StoreHealth();
  await health.watch(async () => 1);
  let answer: () => void = () => {};
  const slow = health.watch(() => new Promise<void>((resolve) => (answer = resolve)));
  jest.advanceTimersByTime(900);
  void health.watch(() => new Promise<void>(() => {}));
  expect(health.good).toBe(true);
  jest.advanceTimersByTime(200);
  expect(health.good).toBe(false);
  answer();
  await slow;
  expect(health.good).toBe(true);
});
