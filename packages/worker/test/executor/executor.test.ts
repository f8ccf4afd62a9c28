import { afterEach, describe, expect, test } from "@jest/globals";
import {
  type JobContext,
  type Json,
  type JsonObject,
  type TaskOptions,
  TaskNotFoundError,
  type NewJob,
} from "@tandemq/core";
import { currentJob } from "@tandemq/worker";
import type { Assignment, Ended, LogLine } from "../../src/executor/assignment.js";
import { classify, timedOut } from "../../src/executor/classify.js";
import type { Execution } from "../../src/executor/execution.js";
import { Executor } from "../../src/executor/executor.js";
import { LoopClock } from "../../src/executor/loop-clock.js";
import { parseParams } from "../../src/executor/parse-params.js";
import { resolveTask } from "../../src/executor/resolve-task.js";
import { retryRules } from "../../src/executor/retry-rules.js";
import { runSettings, taskSettings } from "../../src/executor/run-settings.js";
import { until } from "../harness.js";

const clock = new LoopClock(() => {});

function job(more: Partial<Assignment> = {}): Assignment {
  return {
    n: 1,
    id: "a".repeat(24),
    path: "t",
    queue: "q",
    params: "{}",
    attempt: 1,
    deliveries: 1,
    settings: {},
    ...more,
  };
}

function execution(more: Partial<Execution> = {}): Execution {
  return { job: job(), clock, settings: runSettings({}), deadline: 0, killAt: 0, ...more };
}

describe("settings of a run", () => {
  test("are the job's, else the task's, else the defaults", () => {
    const task = taskSettings({ attempts: 3, timeout: "5s", backoff: { delay: "2s" }, keepResults: "1h" });
    expect(task).toMatchObject({
      attempts: 3,
      timeout: 5000,
      backoff: { type: "exponential", delay: 2000 },
      keepResults: 3_600_000,
    });
    expect(runSettings({ attempts: 7 }, task)).toMatchObject({ attempts: 7, timeout: 5000, backoff: { delay: 2000 } });
    expect(runSettings({})).toMatchObject({ attempts: 1, timeout: 3_600_000, backoff: { delay: 1000, jitter: 0.2 } });
  });
});

describe("the steps before a run", () => {
  test("resolve the task, and with it the settings", () => {
    const one = execution();
    resolveTask(one, { resolve: (path) => ({ path, run: () => 1, settings: { attempts: 4 } }) });
    expect(one.task?.path).toBe("t");
    expect(one.settings.attempts).toBe(4);
  });

  test.each(["", "{", "[]", "null", "7", '"x"', '{"a":1}x'])("refuse the params %j", (params) => {
    expect(() => parseParams(execution({ job: job({ params }) }))).toThrow(
      expect.objectContaining({ code: "MALFORMED_JOB" }),
    );
  });

  test("read params", () => {
    const one = execution({ job: job({ params: '\n{"a": [1]}' }) });
    parseParams(one);
    expect(one.params).toEqual({ a: [1] });
  });
});

describe("classifying what a run came to", () => {
  const thrown = { thrown: new RangeError("too far") };
  const several = runSettings({ attempts: 3, backoff: { type: "fixed", delay: 40, jitter: 0 } });

  test("a value is a success, if it survives JSON and BSON", () => {
    expect(classify(execution(), { value: { a: 1 } })).toEqual({ status: "success", result: { a: 1 } });
    expect(classify(execution(), { value: undefined })).toEqual({ status: "success" });
    expect(classify(execution({ settings: several }), { value: 1n })).toMatchObject({
      status: "failed",
      error: { code: "INVALID_RESULT" },
    });
  });

  test("something thrown is tried again while attempts are left", () => {
    expect(classify(execution(), thrown)).toMatchObject({
      status: "failed",
      error: { name: "RangeError", message: "too far" },
    });
    expect(classify(execution({ settings: several }), thrown)).toMatchObject({
      status: "retry",
      delay: 40,
      error: { name: "RangeError" },
    });
    expect(classify(execution({ settings: several, job: job({ attempt: 3 }) }), thrown)).toMatchObject({
      status: "maxretries",
    });
    expect(classify(execution({ settings: several, job: job({ attempt: 9 }) }), thrown)).toMatchObject({
      status: "maxretries",
    });
  });

  test("a timeout is one even if the task returned", () => {
    expect(classify(execution({ stop: "timeout" }), { value: 1 })).toMatchObject({
      status: "timeout",
      error: { code: "TIMEOUT" },
    });
    expect(timedOut(several, 1)).toMatchObject({ status: "retry", delay: 40 });
    expect(timedOut(several, 3)).toMatchObject({ status: "maxretries", error: { code: "TIMEOUT" } });
  });

  test("rules say which errors are tried again: classes, codes, names, functions", () => {
    class Odd extends Error {}
    const run = () => 1;
    const ruled = (options: TaskOptions) => {
      const rules = retryRules(options);
      return execution({
        settings: several,
        task: { path: "t", run, settings: taskSettings(options), ...(rules ? { rules } : {}) },
      });
    };
    const statusOf = (options: TaskOptions, thrown: unknown) => classify(ruled(options), { thrown })?.status;
    const coded = Object.assign(new Error("net"), { code: "ECONNRESET" });
    expect(statusOf({ retryIf: Odd }, new Odd())).toBe("retry");
    expect(statusOf({ retryIf: Odd }, coded)).toBe("failed");
    expect(statusOf({ retryIf: ["ECONNRESET", "TypeError"] }, coded)).toBe("retry");
    expect(statusOf({ retryIf: ["ECONNRESET", "TypeError"] }, new TypeError())).toBe("retry");
    expect(statusOf({ retryIf: "ECONNRESET" }, "ECONNRESET")).toBe("failed");
    expect(statusOf({ retryIf: (error) => error === coded }, coded)).toBe("retry");
    expect(statusOf({ neverRetry: Odd }, new Odd())).toBe("failed");
    expect(statusOf({ retryIf: Error, neverRetry: Odd }, new Odd())).toBe("failed");
    const broken = () => {
      throw new Error("the rule itself");
    };
    expect(statusOf({ retryIf: broken }, coded)).toBe("retry");
    expect(classify({ ...ruled({ neverRetry: "TIMEOUT" }), stop: "timeout" }, { value: 1 })?.status).toBe("timeout");
    expect(timedOut(runSettings({ attempts: 3 }, taskSettings({ neverRetry: "TIMEOUT" })), 1).status).toBe("timeout");
    expect(timedOut(runSettings({ attempts: 3 }, taskSettings({ retryIf: [Odd, () => true] })), 1).status).toBe(
      "retry",
    );
    expect(timedOut(runSettings({ attempts: 3 }, taskSettings({ retryIf: Odd })), 1).status).toBe("timeout");
  });

  test("a back-off function decides the delay; one that fails does not", () => {
    const delayOf = (backoff: TaskOptions["backoff"]) => {
      const task = { path: "t", run: () => 1, settings: {}, rules: retryRules({ backoff }) ?? {} };
      return classify(execution({ settings: runSettings({ attempts: 3 }), task, job: job({ attempt: 2 }) }), thrown);
    };
    expect(delayOf((attempt, error) => (error instanceof RangeError ? `${attempt}s` : 0))).toMatchObject({
      delay: 2000,
    });
    expect(delayOf(() => -5)).toMatchObject({ status: "retry", delay: expect.any(Number) });
    expect(delayOf(() => Promise.resolve(1) as unknown as number)).toMatchObject({ status: "retry" });
  });

  test("a shutdown gives back, a lost delivery settles nothing", () => {
    expect(classify(execution({ stop: "stop" }), { value: 1 })).toEqual({ status: "interrupt" });
    expect(classify(execution({ stop: "lost" }), thrown)).toBeUndefined();
    expect(classify(execution({ stop: "cancel" }), { value: 1 })).toMatchObject({ status: "cancel" });
  });
});

describe("an executor", () => {
  let executor: Executor;
  const ended: Ended[] = [];
  const lines: LogLine[] = [];
  const progress: [number, Json][] = [];
  const stuck: Execution[] = [];
  const added: NewJob[] = [];

  function create(run: (params: JsonObject, context: JobContext) => unknown, killAfter: number = 50): void {
    for (const list of [ended, lines, progress, stuck, added]) list.length = 0;
    const tasks = {
      resolve: (path: string) => {
        if (path !== "t") throw new TaskNotFoundError(`no task ${path}`);
        return { path, run, settings: { keepFailures: 77 } };
      },
    };
    executor = new Executor(tasks, killAfter, {
      ended: (one) => void ended.push(one),
      log: (line) => void lines.push(line),
      progress: (n, value) => void progress.push([n, value]),
      take: async ({ max }) => ({ free: max }),
      enqueue: async (jobs) => {
        added.push(...jobs);
        return jobs.map(({ id }) => ({ id, created: true }));
      },
      stuck: (one) => void stuck.push(one),
    });
  }

  afterEach(() => executor.close());

  test("ends a run that needs no waiting within the call", () => {
    create(({ a }) => ({ a: Number(a) + 1 }));
    executor.run(job({ params: '{"a":1}' }));
    expect(ended).toEqual([{ n: 1, outcome: { status: "success", result: { a: 2 } } }]);
    expect(executor.size).toBe(0);
  });

  test("fails a job without a task for that reason, and keeps a failure as long as its task says", () => {
    create(() => {
      throw new Error("no");
    });
    executor.run(job({ path: "x" }));
    executor.run(job({ n: 2 }));
    expect(ended).toMatchObject([
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
    executor.run(job({ n: 5, settings: { attempts: 2 } }));
    await until(() => ended.length === 1, "it ends");
    expect(ended[0]?.outcome).toEqual({ status: "success", result: { same: true, attempts: 2, blame: 5 } });
    expect(lines).toEqual([
      { n: 5, at: expect.any(Number), level: "info", message: "a line", data: { x: 1 } },
      { n: 5, at: expect.any(Number), level: "error", message: expect.stringContaining("got NaN") },
    ]);
    expect(progress).toEqual([[5, { done: 3 }]]);
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
    executor.run(job({ settings: { timeout: 20 } }));
    await until(() => ended.length === 1, "it ends");
    expect(ended[0]?.outcome).toMatchObject({ status: "timeout" });
    expect(reason).toMatchObject({ code: "TIMEOUT" });
    expect(stuck).toHaveLength(0);
  });

  test("a signal that is asked for late is aborted already", async () => {
    let context: JobContext | undefined;
    let release: (value?: unknown) => void = () => {};
    create((_params, given) => {
      context = given;
      return new Promise((resolve) => (release = resolve));
    });
    executor.run(job());
    executor.abort([1, 99], "stop");
    expect(context?.signal.aborted).toBe(true);
    expect(context?.signal.reason).toMatchObject({ code: "ABORTED" });
    release("done");
    await until(() => ended.length === 1, "it ends");
    expect(ended).toEqual([{ n: 1, outcome: { status: "interrupt" } }]);
  });

  test("tells who is stuck once, and can free the slot", async () => {
    create(() => new Promise(() => {}), 20);
    executor.run(job({ settings: { timeout: 10 } }));
    await until(() => stuck.length === 1, "it is stuck");
    expect(executor.size).toBe(1);
    executor.abandon(stuck[0] as Execution);
    expect(ended).toMatchObject([{ n: 1, outcome: { status: "timeout" } }]);
    expect(executor.size).toBe(0);
  });

  describe("a task that asks for its own end", () => {
    const asked = (ask: (context: JobContext) => void, settings: Assignment["settings"] = { attempts: 2 }) => {
      create((_params, context) => {
        try {
          ask(context);
        } catch (error) {
          if (context.attempt === 1) throw error;
        }
        return "swallowed";
      });
      executor.run(job({ settings }));
      executor.run(job({ n: 2, attempt: 2, settings }));
      return ended.map(({ outcome }) => outcome);
    };

    test("retries after its own delay, elsewhere, while attempts are left", () => {
      const request = { delay: "3s", queue: "b", priority: 4, error: new Error("why") } as const;
      const [first, last] = asked((context) => context.retry(request));
      expect(first).toMatchObject({
        ...{ status: "retry", delay: 3000, queue: "b", priority: 4 },
        error: { message: "why", stack: expect.any(String) },
      });
      expect(last).toMatchObject({ status: "maxretries", error: { code: "RUN_ENDED", cause: { message: "why" } } });
    });

    test("is put off without an attempt, however often", () => {
      const outcomes = asked((context) => context.snooze("2s"), {});
      expect(outcomes).toEqual([
        { status: "interrupt", delay: 2000 },
        { status: "interrupt", delay: 2000 },
      ]);
    });

    test("is aborted for good", () => {
      for (const outcome of asked((context) => context.abort("not needed any more"))) {
        expect(outcome).toMatchObject({ status: "abort", error: { code: "ABORTED", message: "not needed any more" } });
      }
    });

    test("fails when it asks for nonsense", () => {
      for (const wrong of [{ delay: "soon" }, { priority: 11 }, { queue: "no such name!" }, { dely: 1 }]) {
        const [first] = asked((context) => context.retry(wrong as object), {});
        expect(first).toMatchObject({ status: "failed", error: { code: "INVALID_OPTION" } });
      }
    });

    test("holds by its first word, and has none after its timeout", async () => {
      create(async (_params, context) => {
        try {
          context.abort("first");
        } catch {
          context.retry();
        }
      });
      executor.run(job());
      await until(() => ended.length === 1, "it ends");
      expect(ended[0]?.outcome).toMatchObject({ status: "abort" });
      create((_params, context) =>
        new Promise((resolve) => context.signal.addEventListener("abort", resolve)).then(() => context.snooze(1)),
      );
      executor.run(job({ settings: { timeout: 10 } }));
      await until(() => ended.length === 1, "it ends");
      expect(ended[0]?.outcome).toMatchObject({ status: "timeout" });
    });
  });

  test("a lost run settles nothing, even if its timeout was over before", async () => {
    let release: (value?: unknown) => void = () => {};
    let aborted = false;
    create((_params, { signal }) => {
      signal.addEventListener("abort", () => (aborted = true));
      return new Promise((resolve) => (release = resolve));
    }, 5000);
    executor.run(job({ settings: { timeout: 10 } }));
    await until(() => aborted, "its timeout is over");
    executor.abort([1], "lost");
    release();
    await until(() => ended.length === 1, "it ends");
    expect(ended).toEqual([{ n: 1 }]);
  });

  test("time that somebody else held the thread does not count", async () => {
    create((params) => (params["spin"] ? spin(1300) : new Promise((resolve) => setTimeout(resolve, 300))), 5000);
    executor.run(job({ n: 1, settings: { timeout: 1000 } }));
    executor.run(job({ n: 2, params: '{"spin":true}', settings: { timeout: 1000 } }));
    await until(() => ended.length === 2, "both end");
    expect(ended).toMatchObject([
      { n: 2, outcome: { status: "timeout" } },
      { n: 1, outcome: { status: "success" } },
    ]);
  });
});

function spin(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}
