import { setTimeout as pause } from "node:timers/promises";
import { describe, expect, test } from "@jest/globals";
import type { JobContext } from "@tandemq/core";
import { currentJob } from "@tandemq/worker";
import { mapItems, streamItems } from "../../src/executor/map-items.js";

function newJob(): { job: JobContext; abort: (reason: Error) => void } {
  const controller = new AbortController();
  return { job: { signal: controller.signal } as JobContext, abort: (reason) => controller.abort(reason) };
}

/** A source that says how far it was read and whether it was closed. */
function counted(count: number) {
  const state = { read: 0, closed: false };
  async function* items() {
    try {
      while (state.read < count) yield state.read++;
    } finally {
      state.closed = true;
    }
  }
  return { state, items: items() };
}

async function collect<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const one of stream) all.push(one);
  return all;
}

describe.each([
  ["map", mapItems],
  ["stream", (...args: Parameters<typeof mapItems>) => collect(streamItems(...args))],
] as const)("job.%s", (_, run) => {
  test("keeps the order, whoever is done first, and never has more at a time than it may", async () => {
    let running = 0;
    let most = 0;
    const work = async (n: number) => {
      most = Math.max(most, ++running);
      await pause((7 - n) % 5);
      running--;
      return n * 10;
    };
    const doubled = await run(newJob().job, [1, 2, 3, 4, 5, 6, 7], work as never, { concurrency: 3 });
    expect(doubled).toEqual([10, 20, 30, 40, 50, 60, 70]);
    expect(most).toBe(3);
  });

  test("of nothing is over at once; 0 at a time means one after the other", async () => {
    const { job } = newJob();
    expect(await run(job, [], () => 1, {})).toEqual([]);
    const order: string[] = [];
    const work = async (name: unknown) => {
      order.push(`+${String(name)}`);
      await pause(1);
      order.push(`-${String(name)}`);
    };
    await run(job, ["a", "b"], work, { concurrency: 0 });
    expect(order).toEqual(["+a", "-a", "+b", "-b"]);
  });

  test("a failure stops the others, waits for them, and is thrown as it is", async () => {
    const { state, items } = counted(100);
    const failure = new Error("at three");
    let running = 0;
    let told = 0;
    const work = async (n: unknown, _index: number, signal: AbortSignal) => {
      running++;
      await pause(2);
      running--;
      if (n === 3) throw failure;
      if (signal.aborted) told++;
    };
    await expect(run(newJob().job, items, work, { concurrency: 5 })).rejects.toBe(failure);
    expect(running).toBe(0);
    expect(state.closed).toBe(true);
    expect(state.read).toBeLessThan(15);
    expect(told).toBeGreaterThan(0);
  });

  test("the job's abort ends it with its reason, and leaves nothing running", async () => {
    const { state, items } = counted(1_000_000);
    const { job, abort } = newJob();
    const reason = new Error("stop");
    let running = 0;
    const work = async () => {
      running++;
      await pause(1);
      running--;
      if (state.read > 20) abort(reason);
    };
    await expect(run(job, items, work, { concurrency: 4 })).rejects.toBe(reason);
    expect(running).toBe(0);
    expect(state.closed).toBe(true);
  });

  test("runs nothing in a job that is aborted already", async () => {
    const { job, abort } = newJob();
    abort(new Error("early"));
    let calls = 0;
    await expect(run(job, [1, 2], () => calls++, {})).rejects.toThrow("early");
    expect(calls).toBe(0);
  });

  test("a source that fails, or options that cannot be, are told", async () => {
    const { job } = newJob();
    const bad = {
      // oxlint-disable-next-line require-yield -- it fails before
      *[Symbol.iterator](): Generator<number> {
        throw new Error("no items");
      },
    };
    await expect(run(job, bad, () => 1, {})).rejects.toThrow("no items");
    const call = async () => run(job, [1], () => 1, { concurrency: -1 });
    await expect(call()).rejects.toMatchObject({ code: "INVALID_OPTION" });
    for (const odd of [null, 7, "abc", {}, () => [], 10n]) {
      await expect((async () => run(job, odd as never, () => 1, {}))()).rejects.toMatchObject({
        code: "INVALID_OPTION",
      });
      await expect((async () => run(job, [1], [odd] as never, {}))()).rejects.toThrow("expected a function");
    }
  });

  test("the job is found inside", async () => {
    const { job } = newJob();
    const found = await run(job, [1, 2], async () => (await pause(1), currentJob() === job), {});
    expect(found).toEqual([true, true]);
  });
});

test("job.stream gives what is there while later items are still awaited", async () => {
  let release: () => void = () => {};
  async function* slow() {
    yield 1;
    await new Promise<void>((resolve) => (release = resolve));
    yield 2;
  }
  const seen: number[] = [];
  for await (const n of streamItems(newJob().job, slow(), (item) => item, { concurrency: 5 })) {
    seen.push(n);
    release();
  }
  expect(seen).toEqual([1, 2]);
});

test("leaving the loop of job.stream stops it", async () => {
  const { state, items } = counted(1000);
  let running = 0;
  const work = async (n: number) => {
    running++;
    await pause(1);
    running--;
    return n;
  };
  for await (const n of streamItems(newJob().job, items, work, { concurrency: 3 })) if (n === 2) break;
  expect({ running, closed: state.closed }).toEqual({ running: 0, closed: true });
  expect(state.read).toBeLessThan(12);
});
