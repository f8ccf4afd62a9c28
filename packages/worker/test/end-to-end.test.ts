import { afterEach, describe, expect, test } from "@jest/globals";
import type { Broker, Claim } from "@tandemq/core";
import { Notes, bench, endWorkers, patched, until } from "./harness.js";

afterEach(endWorkers);

/** The broker as it hands out jobs that no client of ours would have enqueued. */
function foreign(broker: Broker, found: ReadonlyMap<string, Partial<Claim>>): Broker {
  return patched(broker, {
    claim: async (request) => {
      const { claims, setAside } = await broker.claim(request);
      return { claims: claims.map((claim) => ({ ...claim, ...found.get(claim.id) })), setAside };
    },
  });
}

describe.each([0, 1, 4])("a worker with %i processes", (processes) => {
  test("runs jobs and settles what comes of them", async () => {
    const { worker, add, final } = await bench({ processes });
    const paths = ["add", "fail", "flaky", "hopeless", "unfit", "tasks#plain", "who"];
    const ids = await Promise.all(paths.map((path) => add(path, { a: 1, b: 2, name: "x" })));
    await worker.start();
    const jobs = await Promise.all(ids.map((id) => final(id)));
    expect(jobs.map((job) => job.status)).toEqual([
      "success",
      "failed",
      "success",
      "maxretries",
      "failed",
      "success",
      "success",
    ]);
    expect(jobs[0]?.result).toEqual({ sum: 3 });
    expect(jobs[1]?.error).toMatchObject({ name: "TypeError", message: "as asked", cause: { message: "the reason" } });
    expect(jobs[2]).toMatchObject({ attempt: 3, result: { attempt: 3 } });
    expect(jobs[3]).toMatchObject({ attempt: 2, error: { message: "never" } });
    expect(jobs[4]?.error).toMatchObject({ code: "INVALID_RESULT" });
    expect(jobs[5]?.result).toEqual({ hello: "x" });
    expect(jobs[6]?.result).toEqual({ same: true, id: ids[6] });
    expect(await worker.stop()).toEqual({ code: 0, givenBack: 0 });
  });

  test("fails what cannot run, and goes on", async () => {
    const found = new Map<string, Partial<Claim>>();
    const { worker, add, final } = await bench({ processes }, (broker) => foreign(broker, found));
    const bad = ["ad", "node:child_process#execSync", "../x#y", "constructor", "tasks#NotATask", "tasks#notATask"];
    const ids = await Promise.all(bad.map(() => add("noop")));
    for (const [i, path] of bad.entries()) found.set(ids[i] ?? "", { path });
    const malformed = await add("add");
    const list = await add("add");
    found.set(malformed, { params: '{"a": 1\n,' }).set(list, { params: "[1]" });
    const good = await add("add", { a: 2, b: 2 });
    await worker.start();
    for (const id of ids)
      expect(await final(id)).toMatchObject({ status: "failed", error: { code: "TASK_NOT_FOUND" } });
    expect((await final(ids[0] ?? "")).error?.message).toMatch(/did you mean "add"/);
    for (const id of [malformed, list]) expect(await final(id)).toMatchObject({ error: { code: "MALFORMED_JOB" } });
    expect(await final(good)).toMatchObject({ status: "success", result: { sum: 4 } });
  });

  test("ends a run by its timeout, whether its task listens or not", async () => {
    const { worker, add, final } = await bench({ processes, killAfter: 300 });
    const polite = await add("polite", { ms: 60_000 }, { settings: { timeout: 50 } });
    const late = await add("stubborn", { ms: 150 }, { settings: { timeout: 50 } });
    const never = await add("stubborn", { ms: 3000 }, { settings: { timeout: 50 } });
    const again = await add(
      "polite",
      { ms: 60_000 },
      { settings: { timeout: 20, attempts: 2, backoff: { type: "fixed", delay: 1 } } },
    );
    await worker.start();
    for (const id of [polite, late, never])
      expect(await final(id)).toMatchObject({ status: "timeout", error: { code: "TIMEOUT" } });
    expect(await final(again)).toMatchObject({ status: "maxretries", error: { code: "TIMEOUT" } });
    expect(await final(await add("add", { a: 1, b: 1 }))).toMatchObject({ status: "success" });
  });

  test.each([
    [5, 3],
    [4, 2],
    [3, 3],
  ])("starts exactly as many jobs as it may: %i with %i slots", async (maxJobs, concurrency) => {
    const { worker, add, broker } = await bench({ processes, maxJobs, concurrency });
    const notes = new Notes();
    for (let i = 0; i < 12; i++) await add("pid", { ledger: notes.file });
    await worker.start();
    expect(await worker.stopped).toEqual({ code: 0, givenBack: 0 });
    expect(notes.read()).toHaveLength(maxJobs);
    expect((await broker.counts(["q"])).get("q")).toMatchObject({ success: maxJobs, queued: 12 - maxJobs });
    notes.remove();
  });

  test("a job that a late limit sends back is none of those that it may start", async () => {
    const { worker, add, broker } = await bench({ processes, maxJobs: 4, concurrency: 4 });
    const notes = new Notes();
    for (let i = 0; i < 6; i++) await add("narrow", { ledger: notes.file, ms: 20 });
    await worker.start();
    expect(await worker.stopped).toEqual({ code: 0, givenBack: 0 });
    expect(notes.read()).toHaveLength(4);
    expect((await broker.counts(["q"])).get("q")).toMatchObject({ success: 4 });
    notes.remove();
  });

  test("a place that a dead worker left behind is free when its lease is over, and not before", async () => {
    const { worker, add, deployment, final } = await bench({ processes, lease: 1000, concurrency: 3 });
    const dead = { job: { id: "0".repeat(24), queue: "q" }, token: "of a worker that died after its job was settled" };
    const asked = performance.now();
    await deployment.limiter.ask([{ limit: "task narrow 0 all", ...dead, concurrency: 1 }], 1000);
    const ids = await Promise.all([1, 2, 3].map(() => add("narrow", { ms: 20 })));
    await worker.start();
    const over = ids.map((id) => final(id));
    await Promise.race(over);
    expect(performance.now() - asked).toBeGreaterThan(1000);
    for (const job of await Promise.all(over)) expect(job).toMatchObject({ status: "success", lost: 0 });
  });

  test("a burst ends when nothing is due", async () => {
    const { worker, add, broker } = await bench({ processes, burst: true });
    for (let i = 0; i < 50; i++) await add("add", { a: i, b: 1 });
    await worker.start();
    expect(await worker.stopped).toEqual({ code: 0, givenBack: 0 });
    expect((await broker.counts(["q"])).get("q")).toMatchObject({ success: 50, queued: 0 });
  });

  test("a burst waits for what only a limit holds back", async () => {
    const { worker, add, broker } = await bench({ processes, burst: true });
    for (let i = 0; i < 6; i++) await add("paced");
    await worker.start();
    expect(await worker.stopped).toEqual({ code: 0, givenBack: 0 });
    expect((await broker.counts(["q"])).get("q")).toMatchObject({ success: 6, interrupt: 0 });
  });

  test("shows log lines and progress, and aborts on request", async () => {
    const { worker, add, get, lines, record } = await bench({ processes, heartbeat: 30 });
    const id = await add("chatty");
    await worker.start();
    const record_ = await until(async () => {
      const found = await record();
      return JSON.stringify(found?.report).includes('"progress":0.5') ? found : undefined;
    }, "the heartbeat shows the progress");
    expect(record_).toMatchObject({ state: "running", queues: ["q"], report: { running: [{ id, path: "chatty" }] } });
    expect(lines.find((line) => line.msg === "half way")).toMatchObject({ job: id, path: "chatty", percent: 50 });
    expect(lines.find((line) => line.msg === "odd")).toMatchObject({ level: 40 });
    expect(lines.find((line) => line.msg === "its own words")).toMatchObject({
      ...{ level: 30, job: id, path: "chatty", data: { path: "/home", level: "high" } },
    });
    expect(await worker.stop("abort")).toEqual({ code: 3, givenBack: 1 });
    expect(await get(id)).toMatchObject({ status: "interrupt", attempt: 0, lost: 0 });
    expect(await record()).toBeUndefined();
  });
});

test("keeps a result as long as its task says", async () => {
  const { worker, add, final } = await bench({ processes: 0 });
  const id = await add("keptShort");
  await worker.start();
  const job = await final(id);
  expect(Number(job.deleteAt) - Number(job.finishedAt)).toBe(3_600_000);
});

test.each([0, 1, 4])("with %i processes, stops after its time: what runs is finished", async (processes) => {
  const { worker, add, get } = await bench({ processes, concurrency: 3, maxTime: 300 });
  const ids = await Promise.all([1, 2, 3].map(() => add("stubborn", { ms: 500 })));
  const later = new Promise<string>((resolve) => worker.on("stopping", () => resolve(add("noop"))));
  await worker.start();
  expect(await worker.stopped).toEqual({ code: 0, givenBack: 0 });
  for (const id of ids) expect(await get(id)).toMatchObject({ status: "success", deliveries: 1 });
  expect((await get(await later)).status).toBe("queued");
});

test.each([
  [{ concurency: 5 }, /did you mean "concurrency"/],
  [{ concurrency: 0 }, /concurrency: expected a whole number from 1/],
  [{ processes: -1 }, /processes/],
  [{ lease: "soon" }, /lease/],
  [{ lease: 10 }, /lease: expected at least 100 ms/],
  [{ recycle: { job: 1 } }, /did you mean "jobs"/],
  [{ processes: 0, recycle: { jobs: 1 } }, /recycle needs child processes/],
  [{ tasks: {} }, /tasks: expected/],
  [{ queues: ["no such name!"] }, /not a queue name/],
  [{ queues: "mail" }, /queues: expected a list of names/],
  [{ queues: [null] }, /queues: expected a list of names/],
])("refuses the options %j", async (options, message) => {
  await expect(bench(options as object)).rejects.toThrow(message);
});
