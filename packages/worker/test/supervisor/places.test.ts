import { describe, expect, test } from "@jest/globals";
import { createMemoryDeployment, type LimitHold, MemoryLimiter } from "@tandemq/core";
import { Places } from "../../src/supervisor/admission/places.js";
import { until } from "../harness.js";

const hold: LimitHold = { limit: "l", id: "a", token: "t", concurrency: 1 };
const ask = { limit: "l", concurrency: 1, job: { id: "a", queue: "q" }, token: "t" };
const other = { ...ask, job: { id: "b", queue: "q" }, token: "u" };

function stage(lease: number) {
  const limiter = new MemoryLimiter();
  const errors: unknown[] = [];
  const deployment = { limiter, route: createMemoryDeployment().route };
  const places = new Places({ deployment, lease, extendEvery: 10, onError: (error) => errors.push(error) });
  const isFree = async () => (await limiter.ask([other], lease))[0]?.state === "go";
  return { limiter, places, isFree };
}

describe("the places that a worker holds", () => {
  test("are kept beyond their lease until the delivery is over", async () => {
    const { limiter, places, isFree } = stage(60);
    await limiter.ask([ask], 60);
    places.hold("t", [hold]);
    places.open("t");
    const began = performance.now();
    await until(() => performance.now() - began > 150, "twice the lease is over");
    expect(await isFree()).toBe(false);
    places.free("t");
    await places.stop();
    await until(isFree, "the place is free");
  });

  test("are freed when nobody takes the delivery over", async () => {
    const { limiter, places, isFree } = stage(60);
    await limiter.ask([ask], 10_000);
    places.hold("t", [hold]);
    await until(isFree, "the place is free");
    await places.stop();
  });
});
