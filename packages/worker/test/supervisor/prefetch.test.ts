import { expect, jest, test } from "@jest/globals";
import { type Claim, createMemoryDeployment } from "@tandemq/core";
import type { Delivery } from "../../src/delivery.js";
import { Backlog } from "../../src/supervisor/dispatch/backlog.js";
import { Prefetch, mostAhead } from "../../src/supervisor/claiming/prefetch.js";
import { until } from "../harness.js";

test("nothing is claimed ahead before jobs have ended, and nothing where it is not wanted", () => {
  expect(new Prefetch(100).room).toBe(0);
  const never = new Prefetch(0);
  never.claimed(5);
  for (let i = 0; i < 1000; i++) never.ended(performance.now());
  never.claimed(5);
  expect(never.room).toBe(0);
});

test("as much is claimed ahead as ends while a claim is under way, up to the bound", () => {
  const clock = jest.spyOn(performance, "now");
  try {
    expect(steady(clock, { perMs: 10, latency: 2 }).room).toBe(60);
    expect(steady(clock, { perMs: 500, latency: 2 }).room).toBe(200);
    expect(steady(clock, { perMs: 0.1, latency: 2 }).room).toBe(0);
  } finally {
    clock.mockRestore();
  }
});

test("where there are few slots, a few jobs are claimed ahead however short a claim takes", () => {
  expect([mostAhead(1), mostAhead(8), mostAhead(100)]).toEqual([16, 16, 200]);
  const clock = jest.spyOn(performance, "now");
  try {
    const prefetch = new Prefetch(mostAhead(1));
    for (let claims = 0; claims < 100; claims++) {
      const now = claims * 0.2;
      clock.mockReturnValue(now);
      for (let i = 0; i < 8; i++) prefetch.ended(now);
      prefetch.claimed(0.01);
    }
    expect(prefetch.room).toBe(16);
  } finally {
    clock.mockRestore();
  }
});

test("when no job ends any more, nothing is claimed ahead", () => {
  const clock = jest.spyOn(performance, "now");
  try {
    const prefetch = steady(clock, { perMs: 10, latency: 2 });
    clock.mockReturnValue(performance.now() + 25);
    expect(prefetch.room).toBe(0);
  } finally {
    clock.mockRestore();
  }
});

/** After many claims at this rate of outcomes. */
function steady(clock: jest.SpiedFunction<typeof performance.now>, load: { perMs: number; latency: number }): Prefetch {
  const prefetch = new Prefetch(200);
  for (let now = 0; now < 1000; now += 10) {
    clock.mockReturnValue(now);
    for (let i = 0; i < load.perMs * 10; i++) prefetch.ended(now);
    prefetch.claimed(load.latency);
  }
  return prefetch;
}

test("what finds no slot soon is given back, in order", async () => {
  const returned: number[] = [];
  const backlog = new Backlog(
    (deliveries) => returned.push(...deliveries.map(({ n }) => n)),
    () => {},
  );
  const [first, ...rest] = await someDeliveries(4);
  backlog.add([first as Delivery, ...rest]);
  expect(backlog.take(1)).toEqual([first]);
  await until(() => returned.length === 3, "the others are given back");
  expect(returned).toEqual([2, 3, 4]);
  expect(backlog.size).toBe(0);
});

test("at the end everything goes back at once", async () => {
  const returned: Delivery[] = [];
  const backlog = new Backlog(
    (deliveries) => returned.push(...deliveries),
    () => {},
  );
  const deliveries = await someDeliveries(3);
  backlog.add(deliveries);
  backlog.clear();
  expect(returned).toEqual(deliveries);
});

async function someDeliveries(count: number): Promise<Delivery[]> {
  const [source] = await createMemoryDeployment().sources([]);
  if (!source) throw new Error("a memory deployment has sources");
  return Array.from({ length: count }, (_, i) => {
    return { n: i + 1, claim: {} as Claim, source, since: performance.now(), state: "running" };
  });
}
