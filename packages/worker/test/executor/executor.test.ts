import { afterEach, describe, expect, test } from "@jest/globals";
import type { JobContext } from "@tandemq/core";
import { currentJob } from "@tandemq/worker";
import type { Execution } from "../../src/executor/execution.js";
import { Executor } from "../../src/executor/executor.js";
import { until } from "../harness.js";
import { benchOf, job, type Bench } from "./support.js";

let bench: Bench;

function create(...given: Parameters<typeof benchOf>): Bench {
  bench = benchOf(...given);
  return bench;
}

afterEach(() => bench.executor.close());

describe("an executor", () => {
  test("ends a run that needs no waiting within the call", () => {
    create(({ a }) => ({ a: Number(a) + 1 }));
    bench.executor.run(job({ params: '{"a":1}' }));
    expect(bench.ended).toEqual([{ n: 1, outcome: { status: "success", result: { a: 2 } } }]);
    expect(bench.executor.size).toBe(0);
  });

  test("fails a job without a task for that reason, and keeps a failure as long as its task says", () => {
    create(() => {
      throw new Error("no");
    });
    bench.executor.run(job({ path: "x" }));
    bench.executor.run(job({ n: 2 }));
    expect(bench.ended).toMatchObject([
      { n: 1, outcome: { status: "failed", error: { code: "TASK_NOT_FOUND" } } },
      { n: 2, keep: 77 },
    ]);
  });

  test("gives the run its context, and finds it anywhere below", async () => {
    create(async (_params, context) => {
      await Promise.resolve();
      context.log.info("a line", { x: 1 });
      await context.progress({ done: 3 });
      await context.progress(Number.NaN).catch((error: Error) => context.log.error(error.message));
      return { same: currentJob() === context, attempts: context.attempts, blame: Executor.blame() ?? null };
    });
    bench.executor.run(job({ n: 5, settings: { attempts: 2 } }));
    await until(() => bench.ended.length === 1, "it ends");
    expect(bench.ended[0]?.outcome).toEqual({ status: "success", result: { same: true, attempts: 2, blame: 5 } });
    expect(bench.lines).toEqual([
      { n: 5, at: expect.any(Number), level: "info", message: "a line", data: { x: 1 } },
      { n: 5, at: expect.any(Number), level: "error", message: expect.stringContaining("got NaN") },
    ]);
    expect(bench.progress).toEqual([[5, { done: 3 }]]);
    expect(currentJob()).toBeUndefined();
    expect(Executor.blame()).toBeUndefined();
  });

  test("aborts the signal at the timeout, with the error as its reason", async () => {
    let reason: unknown;
    create(
      (_params, { signal }) =>
        new Promise((_resolve, reject) =>
          signal.addEventListener("abort", () => reject((reason = signal.reason) as Error)),
        ),
    );
    bench.executor.run(job({ settings: { timeout: 20 } }));
    await until(() => bench.ended.length === 1, "it ends");
    expect(bench.ended[0]?.outcome).toMatchObject({ status: "timeout" });
    expect(reason).toMatchObject({ code: "TIMEOUT" });
    expect(bench.stuck).toHaveLength(0);
  });

  test("a signal that is asked for late is aborted already", async () => {
    let context: JobContext | undefined;
    let release: (value?: unknown) => void = () => {};
    create((_params, given) => {
      context = given;
      return new Promise((resolve) => (release = resolve));
    });
    bench.executor.run(job());
    bench.executor.abort([1, 99], "stop");
    expect(context?.signal.aborted).toBe(true);
    expect(context?.signal.reason).toMatchObject({ code: "ABORTED" });
    release("done");
    await until(() => bench.ended.length === 1, "it ends");
    expect(bench.ended).toEqual([{ n: 1, outcome: { status: "interrupt" } }]);
  });

  test("tells who is stuck once, and can free the slot", async () => {
    create(() => new Promise(() => {}), 20);
    bench.executor.run(job({ settings: { timeout: 10 } }));
    await until(() => bench.stuck.length === 1, "it is stuck");
    expect(bench.executor.size).toBe(1);
    bench.executor.abandon(bench.stuck[0] as Execution);
    expect(bench.ended).toMatchObject([{ n: 1, outcome: { status: "timeout" } }]);
    expect(bench.executor.size).toBe(0);
  });

  test("a lost run settles nothing, even if its timeout was over before", async () => {
    let release: (value?: unknown) => void = () => {};
    let aborted = false;
    create((_params, { signal }) => {
      signal.addEventListener("abort", () => (aborted = true));
      return new Promise((resolve) => (release = resolve));
    }, 5000);
    bench.executor.run(job({ settings: { timeout: 10 } }));
    await until(() => aborted, "its timeout is over");
    bench.executor.abort([1], "lost");
    release();
    await until(() => bench.ended.length === 1, "it ends");
    expect(bench.ended).toEqual([{ n: 1 }]);
  });

  test("time that somebody else held the thread does not count", async () => {
    create((params) => (params["spin"] ? spin(1300) : new Promise((resolve) => setTimeout(resolve, 300))), 5000);
    bench.executor.run(job({ n: 1, settings: { timeout: 1000 } }));
    bench.executor.run(job({ n: 2, params: '{"spin":true}', settings: { timeout: 1000 } }));
    await until(() => bench.ended.length === 2, "both end");
    expect(bench.ended).toMatchObject([
      { n: 2, outcome: { status: "timeout" } },
      { n: 1, outcome: { status: "success" } },
    ]);
  });
});

function spin(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}
