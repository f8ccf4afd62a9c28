import { setTimeout } from "node:timers/promises";
import { describe, expect, test } from "@jest/globals";
import type { Client } from "@tandemq/core";
import { waitFor } from "../support/wait-for.js";
import { type Command } from "./support/command.js";
import { modes, Site } from "./support/site.js";

describe("processes", () => {
  test.each([0, 1, 4])("--processes %d", async (processes) => {
    await using site = new Site();
    await using client = await site.client();
    const worker = await site.worker("regular", "--concurrency", "5", "--processes", String(processes));
    const pids = new Set<number>();
    // The worker is ready with its first child: the others may come when many jobs are over.
    await waitFor("every process has run a job", async () => {
      const handles = await client.enqueueMany("e2e.where", Array(60).fill({}), { queue: "regular" });
      const results = await Promise.all(handles.map((handle) => handle.result({ timeout: "1m" })));
      for (const result of results) pids.add((result as { pid: number }).pid);
      return pids.size >= Math.max(1, processes);
    });
    expect(pids.size).toBe(Math.max(1, processes));
    expect(pids.has(worker.pid)).toBe(processes === 0);
    expect(new Set(site.processes())).toEqual(new Set([worker.pid, ...pids]));
  });
});

describe.each(modes)("the end of a worker, %s", (mode) => {
  test.each(["SIGTERM", "SIGINT"] as const)("one %s: what runs ends, what waits stays, exit code 0", async (signal) => {
    await using site = new Site();
    await using client = await site.client();
    const { worker, gate } = await busyWorker(site, client, mode);
    await client.enqueue("e2e.note", { text: "waits" }, { queue: mode });
    worker.signal(signal);
    await waitFor("it stops claiming", async () => worker.says("the worker stops"));
    gate.open();
    expect(await worker.ended).toMatchObject({ code: 0, signal: null });
    expect(site.story()).toEqual(["start job", "end job"]);
    expect(await client.queue(mode).counts()).toMatchObject({ success: 1, queued: 1, started: 0 });
  });

  test("a second SIGTERM gives back what runs: exit code 3, no attempt consumed", async () => {
    await using site = new Site();
    await using client = await site.client();
    const { worker, gate } = await busyWorker(site, client, mode);
    worker.signal("SIGTERM");
    await waitFor("it stops claiming", async () => worker.says("the worker stops"));
    worker.signal("SIGTERM");
    expect(await worker.ended).toMatchObject({ code: 3, signal: null });
    expect(site.story()).toEqual(["start job", "abort job"]);
    expect(await client.queue(mode).counts()).toMatchObject({ interrupt: 1, started: 0 });
    gate.open();
    await site.worker(mode);
    await waitFor("the next worker runs it", async () => site.story().includes("end job"));
    await waitFor("it is settled", async () => (await client.queue(mode).counts()).success === 1);
    if (mode !== "no-storage")
      expect(await client.jobs({ queue: mode })).toMatchObject([{ attempt: 1, deliveries: 2, lost: 0 }]);
  });

  test("a third SIGTERM kills tasks that do not listen: exit code 4", async () => {
    await using site = new Site();
    await using client = await site.client();
    const { worker } = await busyWorker(site, client, mode, { deaf: true });
    for (const sign of ["the worker stops", "given back"]) {
      worker.signal("SIGTERM");
      await waitFor(`it says ${sign}`, async () => worker.says(sign));
    }
    worker.signal("SIGTERM");
    expect(await worker.ended).toMatchObject({ code: 4, signal: null });
    expect(site.processes()).toEqual([]);
  });

  test("Ctrl+C reaches the whole process group, and only the worker decides", async () => {
    await using site = new Site();
    await using client = await site.client();
    const { worker, gate } = await busyWorker(site, client, mode);
    worker.interrupt();
    await waitFor("it stops claiming", async () => worker.says("the worker stops"));
    gate.open();
    expect(await worker.ended).toMatchObject({ code: 0, signal: null });
    expect(site.story()).toEqual(["start job", "end job"]);
    expect(site.processes()).toEqual([]);
  });
});

/** Whatever the moment: before the handlers are there the signal itself ends it, afterwards the worker does. */
test.each([0, 100, 200, 300, 400, 600])(
  "SIGTERM %d ms after its start ends a worker, and nothing is left",
  async (ms) => {
    await using site = new Site();
    const worker = site.start(["worker", "regular", "raw", "no-storage", "--processes", "2"]);
    await setTimeout(ms);
    worker.signal("SIGTERM");
    const { code, signal } = await worker.ended;
    expect(signal ?? code).toBe(signal ? "SIGTERM" : 0);
    expect(site.processes()).toEqual([]);
  },
);

test.each([0, 1])("a worker ends whatever its tasks have left open, --processes %d", async (processes) => {
  await using site = new Site();
  await using client = await site.client();
  const worker = await site.worker("regular", "--processes", String(processes));
  await (await client.enqueue("e2e.opens", {}, { queue: "regular" })).result({ timeout: "1m" });
  worker.signal("SIGTERM");
  expect(await worker.ended).toMatchObject({ code: 0, signal: null });
  expect(site.processes()).toEqual([]);
});

/** A worker with one slot in which a job runs until its gate is opened. */
async function busyWorker(site: Site, client: Client, queue: string, extra: object = {}): Promise<Busy> {
  const gate = site.gate();
  const worker = await site.worker(queue, "--concurrency", "1", "--processes", "1");
  await client.enqueue("e2e.hold", { text: "job", until: gate.path, ...extra }, { queue });
  await waitFor("the job runs", async () => site.story().includes("start job"));
  return { worker, gate };
}

interface Busy {
  readonly worker: Command;
  readonly gate: { path: string; open: () => void };
}
