import { describe, expect, test } from "@jest/globals";
import type { TaskOptions } from "@tandemq/core";
import { classify, timedOut } from "../../src/executor/classify.js";
import type { Execution } from "../../src/executor/execution.js";
import { LoopClock } from "../../src/executor/loop-clock.js";
import { parseParams } from "../../src/executor/parse-params.js";
import { resolveTask } from "../../src/executor/resolve-task.js";
import { retryRules } from "../../src/executor/retry-rules.js";
import { runSettings, taskSettings } from "../../src/executor/run-settings.js";
import { job } from "./support.js";

const clock = new LoopClock(() => {});

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
