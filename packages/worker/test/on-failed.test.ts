import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type { NewJob, Outcome } from "@tandemq/core";
import { type Bench, bench, endWorkers, fixtures, Notes, until } from "./harness.js";

const tasks = { patterns: ["on-failed.mjs"], cwd: fixtures };

let notes: Notes;

beforeEach(() => {
  notes = new Notes();
});

afterEach(async () => {
  await endWorkers();
  notes.remove();
});

const told = (): object[] =>
  notes.read().map(({ pid: _, id: __, ...what }: object & { pid?: number; id?: string }) => what);

const add = (one: Bench, path: string, more: Partial<NewJob> = {}): Promise<string> =>
  one.add(path, {}, { meta: { ledger: notes.file }, ...more });

/** Until every delivery, and every call of `onFailed`, is over. */
async function quiet({ worker }: Bench): Promise<void> {
  await worker.stop();
}

async function end(one: Bench, path: string, settings: object = {}) {
  const id = await add(one, path, { settings });
  await one.worker.start();
  const job = await one.final(id, 20_000);
  await quiet(one);
  return job;
}

describe.each([1, 0])("onFailed is called once, --processes %i", (processes) => {
  test("after a run, in its process; what it throws harms nothing", async () => {
    const one = await bench({ processes, tasks });
    const bad = await add(one, "throws");
    expect(await end(one, "fails")).toMatchObject({ status: "failed" });
    expect(told()).toEqual([{ status: "failed", code: "as asked" }]);
    expect(await one.get(bad)).toMatchObject({ status: "failed", error: { message: "as asked" } });
    expect(one.lines.some(({ msg }) => msg === "onFailed failed")).toBe(true);
  });

  test("of a job whose params cannot be read: they are left out", async () => {
    const one = await bench({ processes, tasks });
    const ends: Outcome[] = [];
    one.worker.on("settle", (_delivery, outcome) => ends.push(outcome));
    await add(one, "fails", { params: '{"__codec":"gzip","data":"x"}' });
    await one.worker.start();
    await until(() => ends.length > 0, "it failed");
    await quiet(one);
    expect(told()).toEqual([{ status: "failed", code: "CODEC" }]);
  });

  test("of a job that has expired, whose end is an event, too", async () => {
    const one = await bench({ processes, tasks });
    const ends: Outcome[] = [];
    one.worker.on("settle", (_delivery, outcome) => ends.push(outcome));
    const id = await add(one, "fails", { startBy: { at: 1000 } });
    const plain = await one.add("noop", {}, { startBy: { at: 1000 } });
    await one.worker.start();
    expect(await one.final(id)).toMatchObject({ status: "expired" });
    expect(await one.final(plain)).toMatchObject({ status: "expired" });
    await quiet(one);
    expect(told()).toEqual([{ status: "expired", code: "EXPIRED" }]);
    expect(ends.map(({ status }) => status)).toEqual(["expired", "expired"]);
  });

  test("of a job that was cancelled by force", async () => {
    const one = await bench({ processes, tasks, killAfter: 50 });
    const id = await add(one, "holds");
    await one.worker.start();
    await until(async () => (await one.get(id)).status === "started", "it runs");
    const { generation } = await one.get(id);
    await one.deployment.registry.requestCancel([{ id, queue: "q", generation }], 60_000);
    expect(await one.final(id)).toMatchObject({ status: "cancel" });
    await quiet(one);
    expect(told()).toEqual([{ status: "cancel", code: "ABORTED" }]);
  });
});

describe("onFailed of a job that lost its process", () => {
  test("by a hard limit: in another process, beside the others", async () => {
    const one = await bench({ processes: 1, tasks });
    expect(await end(one, "holds", { hardTimeout: 100 })).toMatchObject({ status: "timeout" });
    expect(told()).toEqual([{ status: "timeout", code: "TIMEOUT" }]);
  });

  test("too often: in a process of its own", async () => {
    const one = await bench({ processes: 1, tasks, maxLost: 0 });
    expect(await end(one, "dies")).toMatchObject({ status: "failed", error: { code: "WORKER_LOST" } });
    expect(told()).toEqual([{ status: "failed", code: "WORKER_LOST" }]);
  });

  test("though all slots are taken", async () => {
    const one = await bench({ processes: 1, concurrency: 1, tasks });
    const id = await add(one, "holds", { settings: { hardTimeout: 100 } });
    await add(one, "holds");
    await one.worker.start();
    expect(await one.final(id)).toMatchObject({ status: "timeout" });
    await until(() => told().length > 0, "it was told");
    expect(told()).toEqual([{ status: "timeout", code: "TIMEOUT" }]);
  });

  test("and whose onFailed ends its process in turn: the job counts as lost, and is over in the end", async () => {
    const one = await bench({ processes: 1, tasks, maxLost: 1 });
    expect(await end(one, "twice")).toMatchObject({ status: "failed", lost: 2, error: { code: "WORKER_LOST" } });
    // Two runs, and the end by their worker.
    expect(notes.read()).toHaveLength(3);
    expect(one.lines.some(({ msg }) => msg === "onFailed was not called to its end")).toBe(true);
  });
});
