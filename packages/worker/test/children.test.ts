import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { createMemoryDeployment } from "@tandemq/core";
import type { ChildEnd } from "@tandemq/worker";
import { type Bench, type Note, Notes, bench, endWorkers, isAlive, until } from "./harness.js";

let notes: Notes;

beforeEach(() => {
  notes = new Notes();
});

afterEach(async () => {
  await endWorkers();
  notes.remove();
});

/** Resolves when so many tasks have left the word. */
function noted(what: string, count: number = 1): Promise<true> {
  return until(() => notes.read().filter((note) => note.what === what).length >= count, `${count} × ${what}`);
}

function ends({ worker }: Bench): ChildEnd[] {
  const seen: ChildEnd[] = [];
  worker.on("childEnd", (end) => void seen.push(end));
  return seen;
}

describe("a child that ends", () => {
  test("by process.exit in a task: that job is lost, its neighbours go back free, what was reached is kept", async () => {
    const one = await bench({ processes: 1, concurrency: 3 });
    const seen = ends(one);
    const neighbour = await one.add("stubborn", { ms: 300, ledger: notes.file });
    const quick = await one.add("add", { a: 1, b: 2 });
    await one.worker.start();
    expect((await one.final(quick)).result).toEqual({ sum: 3 });
    await noted("start");
    const guilty = await one.add("exit", { code: 3, ledger: notes.file });
    expect(await one.final(guilty)).toMatchObject({ status: "failed", lost: 4, error: { code: "WORKER_LOST" } });
    expect(await one.final(neighbour)).toMatchObject({ status: "success", lost: 0, attempt: 1 });
    expect(seen[0]).toMatchObject({ code: 3, intended: false, why: "the process exited with code 3" });
    const pids = notes
      .read()
      .filter(({ id }) => id === guilty)
      .map(({ pid }) => pid);
    expect(new Set(pids).size).toBe(4);
  });

  test("by kill -9: all its jobs come back long before their lease is over and run alone", async () => {
    const one = await bench({ processes: 1, concurrency: 3 });
    const go = notes.sign("go");
    const ids = await Promise.all([0, 1, 2].map(() => one.add("waits", { until: go.file, ledger: notes.file })));
    await one.worker.start();
    await noted("start", 3);
    const [victim] = notes.read().map(({ pid }) => pid);
    process.kill(victim ?? 0, "SIGKILL");
    await noted("start", 4);
    go.give();
    for (const id of ids)
      expect(await one.final(id)).toMatchObject({ status: "success", lost: 1, attempt: 1, deliveries: 2 });
    const second = notes.read().slice(3);
    expect(second.map(({ what }) => what)).toEqual(["start", "end", "start", "end", "start", "end"]);
    expect(second.every(({ pid }) => pid !== victim)).toBe(true);
    expect(new Set(second.map(({ pid }) => pid)).size).toBe(1);
  });

  test("by a rejection that nobody handles: its own job is blamed", async () => {
    const one = await bench({ processes: 1, concurrency: 3, maxLost: 0 });
    const seen = ends(one);
    const neighbour = await one.add("stubborn", { ms: 200, ledger: notes.file });
    await one.worker.start();
    await noted("start");
    const guilty = await one.add("rejectLater");
    expect(await one.final(guilty)).toMatchObject({ status: "failed", lost: 1, error: { code: "WORKER_LOST" } });
    expect(await one.final(neighbour)).toMatchObject({ status: "success", lost: 0 });
    expect(seen[0]?.error).toMatchObject({ message: "nobody listens" });
  });

  test("by kill -9, again and again: the poison is set aside, the healthy are not", async () => {
    const one = await bench({ processes: 2, concurrency: 5 });
    const healthy = await Promise.all(Array.from({ length: 8 }, () => one.add("stubborn", { ms: 30 })));
    const poison = await one.add("die");
    await one.worker.start();
    expect(await one.final(poison)).toMatchObject({ status: "failed", lost: 4, error: { code: "WORKER_LOST" } });
    for (const id of healthy) expect((await one.final(id)).status).toBe("success");
  });

  test("takes what it started with it", async () => {
    const one = await bench({ processes: 1 });
    await one.add("parent", { ledger: notes.file });
    await one.worker.start();
    const child = await until(() => notes.read()[0], "the grandchild runs");
    const grandchild = Number(child.what.split(" ")[1]);
    expect(isAlive(grandchild)).toBe(true);
    process.kill(child.pid, "SIGKILL");
    await until(() => !isAlive(grandchild), "the grandchild is gone");
  });
});

test("without processes, a job that was lost runs in one all the same, alone", async () => {
  let now = Date.now();
  const one = await bench({ processes: 0, deployment: createMemoryDeployment({ now: () => now }) });
  const id = await one.add("pid");
  await one.broker.claim({ queues: ["q"], max: 1, lease: 1000, worker: "one that dies" });
  now += 2000;
  await one.worker.start();
  const { result, lost } = await one.final(id);
  expect(lost).toBe(1);
  expect(result).not.toEqual({ pid: process.pid });
  expect(await one.final(await one.add("pid"))).toMatchObject({ result: { pid: process.pid } });
});

test("lost jobs that hold the thread run one after the other, without a pause in between", async () => {
  let now = Date.now();
  const one = await bench({ processes: 1, deployment: createMemoryDeployment({ now: () => now }) });
  const ids = [await one.add("spinAtOnce", { ms: 2500 }), await one.add("noop")];
  await one.broker.claim({ queues: ["q"], max: 2, lease: 1000, worker: "one that dies" });
  now += 2000;
  await one.worker.start();
  for (const id of ids) expect(await one.final(id)).toMatchObject({ status: "success", lost: 1 });
});

describe("the channel to a child", () => {
  test("is not the one that task code can reach", async () => {
    const { worker, add, final } = await bench({ processes: 1 });
    const talk = await add("talk");
    await worker.start();
    expect(await final(talk)).toMatchObject({ status: "success", result: { connected: false } });
    expect(await final(await add("add", { a: 1, b: 1 }))).toMatchObject({ status: "success" });
  });

  test("carries large payloads and any text", async () => {
    const { worker, add, final } = await bench({ processes: 2, concurrency: 5 });
    const names = ['line\n{"t":"close"}\u2028', "\u0000\u001f", "é".repeat(300_000), "𝒳".repeat(100_000)];
    const echoes = await Promise.all(names.map((name) => add("tasks#plain", { name })));
    const padded = await add("add", {}, { params: '{\n"a":1,\n"b":2}\n' });
    const bigs = await Promise.all(Array.from({ length: 10 }, () => add("big", { size: 1_000_000 })));
    await worker.start();
    for (const [i, id] of echoes.entries()) expect((await final(id)).result).toEqual({ hello: names[i] });
    expect((await final(padded)).result).toEqual({ sum: 3 });
    for (const id of bigs) expect((await final(id)).status).toBe("success");
    expect(await final(await add("big", { size: 2_000_000 }))).toMatchObject({
      status: "failed",
      error: { code: "INVALID_RESULT" },
    });
  });
});

describe("a child whose thread is held", () => {
  test("gets no new job, and the log names the task that holds it", async () => {
    const one = await bench({ processes: 2, concurrency: 2 });
    const [letGo, make, never] = [notes.sign("let go"), notes.sign("make room"), notes.sign("never")];
    await one.worker.start();
    await until(() => one.worker.report()?.children.every(({ state }) => state === "ready"), "both children are ready");
    const idle = await one.add("waits", { until: never.file, ledger: notes.file });
    await noted("start");
    const held = await one.add("hold", { until: letGo.file, ledger: notes.file });
    await noted("start", 2);
    const [{ pid: free }, { pid }] = notes.read() as [Note, Note];
    const line = await until(
      () => one.lines.find((line) => line["pid"] === pid && String(line["stack"]).includes("holdUntil")),
      "the log tells where it is held",
    );
    expect(line).toMatchObject({ msg: expect.stringContaining("holds the thread"), job: held, tasks: ["hold"] });
    await one.add("waits", { until: make.file, ledger: notes.file });
    await noted("start", 3);
    const quick = await Promise.all([1, 2, 3, 4, 5].map(() => one.add("pid")));
    make.give();
    for (const id of quick) expect((await one.final(id)).result).toEqual({ pid: free });
    letGo.give();
    expect(await one.final(held)).toMatchObject({ status: "success", lost: 0 });
    expect((await one.get(idle)).status).toBe("started");
  });

  test("is found out even where no debugger can stop it", async () => {
    const one = await bench({ processes: 1, concurrency: 2, killAfter: 500 });
    const neighbour = await one.add("stubborn", { ms: 10, ledger: notes.file });
    const nap = await one.add("nap", { seconds: 30 }, { settings: { timeout: 500 } });
    await one.worker.start();
    expect(await one.final(nap)).toMatchObject({ status: "timeout", lost: 0 });
    expect(await one.final(neighbour)).toMatchObject({ status: "success", lost: 0 });
    const told = one.lines.filter(({ msg }) => msg.includes("nap holds the thread"));
    expect(told[0]).toMatchObject({ job: nap, tasks: ["nap"] });
  });

  test("is killed at the hard limit of the job that holds it; its neighbours go back free", async () => {
    const one = await bench({ processes: 1, concurrency: 3, killAfter: 300 });
    const neighbour = await one.add("stubborn", { ms: 400, ledger: notes.file }, { settings: { timeout: 20_000 } });
    const guilty = await one.add("endless", { ledger: notes.file }, { settings: { timeout: 100 } });
    await one.worker.start();
    await noted("start", 2);
    expect(await one.final(guilty)).toMatchObject({ status: "timeout", lost: 0, attempt: 1 });
    expect(await one.final(neighbour)).toMatchObject({ status: "success", lost: 0, attempt: 1 });
  });

  test("does not cost its neighbours: their clocks stand still", async () => {
    const one = await bench({ processes: 1, concurrency: 3 });
    const go = notes.sign("go");
    const settings = { timeout: 2500 };
    const neighbour = await one.add("waits", { until: go.file, ledger: notes.file }, { settings });
    await one.worker.start();
    await noted("start");
    const spin = await one.add("spin", { ms: 4000 }, { settings });
    const atOnce = await one.add("spinAtOnce", { ms: 1 }, { settings });
    expect(await one.final(spin)).toMatchObject({ status: "timeout" });
    go.give();
    expect(await one.final(neighbour)).toMatchObject({ status: "success" });
    expect((await one.final(atOnce)).status).toBe("success");
  });

  test("a run that never lets go of the thread is late even so", async () => {
    const { worker, add, final } = await bench({ processes: 1 });
    const id = await add("spinAtOnce", { ms: 1500 }, { settings: { timeout: 300 } });
    await worker.start();
    expect(await final(id)).toMatchObject({ status: "timeout" });
  });
});

describe("recycling", () => {
  test("replaces a child after so many jobs, and loses none", async () => {
    const one = await bench({ processes: 2, concurrency: 3, recycle: { jobs: 4 } });
    const ids = await Promise.all(Array.from({ length: 30 }, () => one.add("pid", { ledger: notes.file })));
    await one.worker.start();
    for (const id of ids) expect(await one.final(id)).toMatchObject({ status: "success", attempt: 1, deliveries: 1 });
    expect(notes.read()).toHaveLength(ids.length);
    const perChild = countBy(notes.read().map(({ pid }) => pid));
    expect(Math.max(...perChild.values())).toBeLessThanOrEqual(4);
    expect(perChild.size).toBeGreaterThanOrEqual(8);
  });

  test("replaces a child after so much time or memory, when its jobs are done", async () => {
    for (const recycle of [{ after: 200 }, { memoryMb: 1 }]) {
      const one = await bench({ processes: 1, concurrency: 2, recycle });
      const long = await one.add("stubborn", { ms: 1500 });
      await one.worker.start();
      const first = one.worker.report()?.children[0]?.pid;
      await until(
        () => one.worker.report()?.children.some(({ pid, state }) => pid !== first && state === "ready"),
        "a successor",
      );
      expect(await one.final(long)).toMatchObject({ status: "success", deliveries: 1 });
      await until(() => !isAlive(first ?? 0), "the worn child is gone");
      await one.worker.stop();
    }
  });
});

function countBy(keys: readonly number[]): Map<number, number> {
  const counts = new Map<number, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}

test("an isolated job whose startBy passes while it waits for a process expires", async () => {
  let now = Date.now();
  const one = await bench({ processes: 1, deployment: createMemoryDeployment({ now: () => now }) });
  await one.worker.start();
  const go = notes.sign("go");
  const settings = { isolate: true };
  const first = await one.add("waits", { until: go.file, ledger: notes.file }, { settings });
  await noted("start");
  const late = await one.add("pid", { ledger: notes.file }, { settings, startBy: { after: 1 } });
  const patient = await one.add("pid", { ledger: notes.file }, { settings, startBy: { after: 3_600_000 } });
  await until(async () => (await one.get(late)).status === "started", "it is claimed in time");
  now += 1000;
  go.give();
  // Given back when a process is free, and found to be late by the next claim.
  expect(await one.final(late)).toMatchObject({ status: "expired", deliveries: 2, attempt: 0 });
  for (const id of [first, patient]) expect((await one.final(id)).status).toBe("success");
  expect(notes.read().map(({ id }) => id)).not.toContain(late);
});

test("isolated jobs that wait for a process are among those that a worker may start", async () => {
  const { worker, add, broker } = await bench({ processes: 1, concurrency: 4, maxJobs: 4 });
  for (let i = 0; i < 6; i++) await add("pid", { ledger: notes.file }, { settings: { isolate: true } });
  await worker.start();
  expect(await worker.stopped).toEqual({ code: 0, givenBack: 0 });
  expect(notes.read()).toHaveLength(4);
  expect((await broker.counts(["q"])).get("q")).toMatchObject({ success: 4, queued: 2 });
});
