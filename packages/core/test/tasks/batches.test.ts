import { describe, expect, test } from "@jest/globals";
import { defineBatchTask } from "../../src/tasks/define-batch-task.js";
import type { JobContext } from "../../src/tasks/job-context.js";

const job = (signal: AbortSignal = new AbortController().signal) => ({ signal }) as JobContext;

describe("a batch task", () => {
  test("gets up to its size at once, the rest when its time is over, and settles each for itself", async () => {
    const calls: number[][] = [];
    const task = defineBatchTask<{ n: number }, number>(
      "batch",
      (jobs) => {
        calls.push(jobs.map(({ params }) => params.n));
        return jobs.map(({ params }) => (params.n === 2 ? new Error("no") : 10 * params.n));
      },
      { size: 3, wait: 10 },
    );
    const ends = await Promise.allSettled([1, 2, 3, 4].map((n) => task.run({ n }, job())));
    expect(calls).toEqual([[1, 2, 3], [4]]);
    expect(ends).toMatchObject([{ value: 10 }, { reason: { message: "no" } }, { value: 30 }, { value: 40 }]);
  });

  test.each([
    ["too few results", () => []],
    ["no list", () => "what" as never],
    ["what it throws", () => Promise.reject(new Error("broken"))],
  ])("%s fail all its jobs", async (_, run) => {
    const task = defineBatchTask("batch", run, { size: 2 });
    const ends = await Promise.allSettled([task.run({}, job()), task.run({}, job())]);
    expect(ends.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  });

  test("does not begin for jobs that were aborted while they waited", async () => {
    const seen: number[] = [];
    const task = defineBatchTask<{ n: number }, number>(
      "batch",
      (jobs) => jobs.map(({ params }) => seen.push(params.n)),
      {
        size: 2,
      },
    );
    const ends = [task.run({ n: 1 }, job(AbortSignal.abort(new Error("stop")))), task.run({ n: 2 }, job())];
    await expect(ends[0]).rejects.toThrow("stop");
    await ends[1];
    expect(seen).toEqual([2]);
  });

  test("of a size or a time out of range is refused", () => {
    expect(() => defineBatchTask("batch", () => [], { size: 0 })).toThrow(/size/);
    expect(() => defineBatchTask("batch", () => [], { wait: -1 })).toThrow(/wait/);
    expect(() => defineBatchTask("batch", 7 as never)).toThrow(/expected a function/);
  });
});
