import { expect, test } from "@jest/globals";
import { Budget } from "../../src/supervisor/claiming/budget.js";
import { createSlots } from "../../src/supervisor/claiming/create-slots.js";
import { Slots } from "../../src/supervisor/claiming/slots.js";

const { signal } = new AbortController();

test("gives what is free, and no slot twice", async () => {
  const slots = new Slots(() => 10);
  expect(await slots.take(signal)).toBe(10);
  let got = 0;
  const second = Promise.resolve(slots.take(signal)).then((share) => (got = share));
  await Promise.resolve();
  expect(got).toBe(0);
  slots.release(10);
  await second;
  expect(got).toBe(10);
});

test("those who wait at the same time share equally, the longest waiting first", async () => {
  let free = 0;
  const slots = new Slots(() => free);
  const shares = [slots.take(signal), slots.take(signal), slots.take(signal)];
  free = 8;
  slots.poke();
  expect(await Promise.all(shares)).toEqual([3, 3, 2]);
});

test("slots that become free one after the other go together", async () => {
  let free = 0;
  const slots = new Slots(
    () => free,
    () => 8,
  );
  const share = slots.take(signal);
  for (free = 1; free < 5; free++) slots.poke();
  expect(await share).toBe(5);
});

test("who has heard of news waits for no further slots", () => {
  const slots = new Slots(
    () => 3,
    () => 8,
  );
  expect(slots.take(signal, true)).toBe(3);
  expect(slots.take(signal, true)).toBeInstanceOf(Promise);
});

test("one slot goes round among all", async () => {
  const served: string[] = [];
  const slots = new Slots(() => 1);
  const fetcher = async (name: string) => {
    for (let i = 0; i < 3; i++) {
      const share = await slots.take(signal);
      served.push(name);
      await Promise.resolve();
      slots.release(share);
    }
  };
  await Promise.all([fetcher("a"), fetcher("b"), fetcher("c")]);
  expect(served.join("")).toBe("abcabcabc");
});

test("a wait ends with its signal", async () => {
  const controller = new AbortController();
  const slots = new Slots(() => 0);
  const share = slots.take(controller.signal);
  controller.abort();
  expect(await share).toBe(0);
  expect(await slots.take(controller.signal)).toBe(0);
});

test("a budget is exact", () => {
  const budget = new Budget(5);
  expect([budget.reserve(3), budget.reserve(3), budget.reserve(3)]).toEqual([3, 2, 0]);
  budget.spend(3);
  budget.release(3);
  expect([budget.empty, budget.reserve(1)]).toEqual([false, 0]);
  budget.release(2);
  expect(budget.reserve(9)).toBe(2);
  budget.spend(2);
  budget.release(2);
  expect([budget.empty, budget.reserve(1)]).toEqual([true, 0]);
  budget.giveBack();
  expect([budget.empty, budget.reserve(9)]).toEqual([false, 1]);
  expect(new Budget().reserve(1000)).toBe(1000);
});

test("few free slots wait for more as long as no slot is idle", async () => {
  let free = 3;
  let isIdle = false;
  const slots = new Slots(
    () => free,
    () => 8,
    () => isIdle,
  );
  let share = 0;
  const taken = slots.take(signal).then((got) => (share = got));
  await new Promise((resolve) => setTimeout(resolve, 5));
  expect(share).toBe(0);
  free = 4;
  isIdle = true;
  slots.poke();
  await taken;
  expect(share).toBe(4);
});

test.each([
  [0, 3],
  [2, 5],
  [Number.POSITIVE_INFINITY, 13],
])("where %d more may be claimed ahead, quick jobs fill no more than that", async (ahead, share) => {
  const parts = { settings: { processes: 2, concurrency: 3 }, prefetch: { room: 10 } };
  const pools = { main: { free: 3, ahead }, solo: { waiting: 0 } };
  const slots = createSlots(parts as never, pools as never, { waiting: 0 } as never);
  expect(await slots.take(signal)).toBe(share);
});
