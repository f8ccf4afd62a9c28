import { afterEach, beforeEach, describe, expect, jest, test } from "@jest/globals";
import { createMemoryDeployment, type LimitHold, MemoryLimiter } from "@tandemq/core";
import { Places } from "../../src/supervisor/admission/places.js";

const hold: LimitHold = { limit: "l", id: "a", token: "t", concurrency: 1 };
const ask = { limit: "l", concurrency: 1, job: { id: "a", queue: "q" }, token: "t" };
const other = { ...ask, job: { id: "b", queue: "q" }, token: "u" };

const lease = 60;

function stage() {
  const limiter = new MemoryLimiter();
  const errors: unknown[] = [];
  const deployment = { limiter, route: createMemoryDeployment().route };
  const places = new Places({ deployment, lease, extendEvery: 10, onError: (error) => errors.push(error) });
  const isFree = async () => (await limiter.ask([other], lease))[0]?.state === "go";
  return { limiter, places, isFree };
}

describe("the places that a worker holds", () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  test("are kept beyond their lease until the delivery is over", async () => {
    const { limiter, places, isFree } = stage();
    await limiter.ask([ask], lease);
    places.hold("t", [hold]);
    places.open("t");
    await jest.advanceTimersByTimeAsync(3 * lease);
    expect(await isFree()).toBe(false);
    places.free("t");
    await places.stop();
    await jest.advanceTimersByTimeAsync(0);
    expect(await isFree()).toBe(true);
  });

  test("are freed when nobody takes the delivery over", async () => {
    const { limiter, places, isFree } = stage();
    await limiter.ask([ask], 10_000);
    places.hold("t", [hold]);
    await jest.advanceTimersByTimeAsync(lease / 2);
    expect(await isFree()).toBe(false);
    await jest.advanceTimersByTimeAsync(lease / 2);
    expect(await isFree()).toBe(true);
    await places.stop();
  });
});
