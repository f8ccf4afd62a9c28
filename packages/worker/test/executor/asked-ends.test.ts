import { afterEach, describe, expect, test } from "@jest/globals";
import type { JobContext } from "@tandemq/core";
import type { Assignment } from "../../src/executor/assignment.js";
import { until } from "../harness.js";
import { benchOf, job, type Bench } from "./support.js";

let bench: Bench;

function create(...given: Parameters<typeof benchOf>): Bench {
  bench = benchOf(...given);
  return bench;
}

afterEach(() => bench.executor.close());

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
    bench.executor.run(job({ settings }));
    bench.executor.run(job({ n: 2, attempt: 2, settings }));
    return bench.ended.map(({ outcome }) => outcome);
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
    bench.executor.run(job());
    await until(() => bench.ended.length === 1, "it ends");
    expect(bench.ended[0]?.outcome).toMatchObject({ status: "abort" });
    create((_params, context) =>
      new Promise((resolve) => context.signal.addEventListener("abort", resolve)).then(() => context.snooze(1)),
    );
    bench.executor.run(job({ settings: { timeout: 10 } }));
    await until(() => bench.ended.length === 1, "it ends");
    expect(bench.ended[0]?.outcome).toMatchObject({ status: "timeout" });
  });
});
