import { afterEach, beforeEach, describe, expect, jest, test } from "@jest/globals";
import {
  createMemoryDeployment,
  type JobRef,
  type LimitAsk,
  newJobId,
  placeKeptFor,
  settlementOf,
} from "@tandemq/core";
import { Line } from "../../src/supervisor/admission/line.js";

const hour = 3_600_000;

/** A limit of one place, which `first` holds; the others wait for it, those with `isThere` as jobs of the queue. */
async function stage(...isThere: boolean[]) {
  const deployment = createMemoryDeployment();
  const errors: unknown[] = [];
  const line = new Line({ deployment, lease: 30_000, onError: (error) => errors.push(error) });
  const refs: JobRef[] = [true, ...isThere].map(() => ({ id: newJobId(), queue: "q" }));
  const asks: LimitAsk[] = refs.map((job, i) => ({ limit: "l", concurrency: 1, job, token: `t${i}` }));
  const { broker } = await deployment.route("q");
  await deployment.limiter.ask(asks, 30_000);
  const there = refs.slice(1).filter((_, i) => isThere[i]);
  const job = { path: "p", params: "{}", priority: 0, settings: {}, due: { after: hour } };
  await broker.enqueue(there.map((ref) => ({ ...ref, ...job })));
  const first = { limit: "l", id: refs[0]?.id ?? "", token: "t0", concurrency: 1 };
  const isCalled = async (i: number) => {
    const [found] = await broker.get([refs[i] as JobRef]);
    return (found?.due?.getTime() ?? Infinity) <= Date.now();
  };
  return { deployment, line, first, isCalled, errors };
}

describe("the line of jobs that wait for a place", () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  test("jobs that are gone make way at once", async () => {
    const { line, first, isCalled } = await stage(false, false, true, true);
    await line.release([first]);
    expect([await isCalled(3), await isCalled(4)]).toEqual([true, false]);
    await line.stop();
  });

  test("one that does not take its place makes way when its time is over", async () => {
    const { line, first, isCalled } = await stage(true, true, true);
    await line.release([first]);
    expect([await isCalled(1), await isCalled(2)]).toEqual([true, false]);
    await jest.advanceTimersByTimeAsync(placeKeptFor + 1);
    expect([await isCalled(2), await isCalled(3)]).toEqual([true, false]);
    await line.stop();
    await jest.advanceTimersByTimeAsync(3 * placeKeptFor);
    expect(await isCalled(3)).toBe(false);
  });

  test("one that is told before it is back in line is told again", async () => {
    const { deployment, line, first, isCalled } = await stage(true);
    const { broker } = await deployment.route("q");
    await broker.edit(await broker.find({ queues: ["q"] }), { due: { after: 0 } });
    const { claims } = await broker.claim({ queues: ["q"], max: 1, lease: hour, worker: "w" });
    await line.release([first]);
    const outcome = { status: "interrupt", limited: true, delay: hour } as const;
    await broker.settle(claims.map((claim) => settlementOf(claim, outcome)));
    expect(await isCalled(1)).toBe(false);
    await jest.advanceTimersByTimeAsync(50);
    expect(await isCalled(1)).toBe(true);
    await line.stop();
  });

  test("one that is on its way back when the worker stops is told once more before it ends", async () => {
    const { deployment, line, first, isCalled } = await stage(true);
    const { broker } = await deployment.route("q");
    await broker.edit(await broker.find({ queues: ["q"] }), { due: { after: 0 } });
    const { claims } = await broker.claim({ queues: ["q"], max: 1, lease: hour, worker: "w" });
    await line.release([first]);
    const outcome = { status: "interrupt", limited: true, delay: hour } as const;
    await broker.settle(claims.map((claim) => settlementOf(claim, outcome)));
    await line.stop();
    expect(await isCalled(1)).toBe(true);
  });

  test("those who wait are called although whoever held the place died without a word", async () => {
    const { deployment, line, first, isCalled } = await stage(false, true);
    line.watchAll();
    await deployment.limiter.extend([{ ...first, token: "t0" }], 40_000);
    await jest.advanceTimersByTimeAsync(30_001);
    expect(await isCalled(2)).toBe(false);
    await jest.advanceTimersByTimeAsync(30_000);
    expect(await isCalled(2)).toBe(true);
    await line.stop();
  });

  test("who is being called when the worker stops is called before it ends", async () => {
    const { deployment, line, isCalled } = await stage(true);
    const { limiter } = deployment;
    const look = limiter.waiting.bind(limiter);
    let answer = () => {};
    const slow = new Promise<void>((resolve) => (answer = resolve));
    const waiting = jest.spyOn(limiter, "waiting").mockImplementation(async (most) => {
      const lines = await look(most);
      await slow;
      return lines;
    });
    line.watchAll();
    await jest.advanceTimersByTimeAsync(30_001);
    const stopped = line.stop();
    answer();
    await stopped;
    expect(await isCalled(1)).toBe(true);
    waiting.mockRestore();
  });

  test("a place that could not be freed is freed later", async () => {
    const { deployment, line, first, isCalled } = await stage(true);
    const away = jest.spyOn(deployment.limiter, "release").mockRejectedValueOnce(new Error("away"));
    await expect(line.release([first])).rejects.toThrow("away");
    await jest.advanceTimersByTimeAsync(placeKeptFor + 1);
    expect(await isCalled(1)).toBe(true);
    await line.stop();
    away.mockRestore();
  });
});
