import { expect } from "@jest/globals";
import type { Job } from "@tandemq/core";
import { inTime } from "../../support/patience.js";
import { unique } from "../../support/unique.js";
import { waitFor } from "../../support/wait-for.js";
import { type Cell, type Feature, featureGroup, type Refusal } from "../support/feature.js";

/** A queue that only the test's own workers serve, and the command line of such a worker. */
function own({ mode, processes }: Cell, ...flags: string[]): { queue: string; args: string[] } {
  const queue = `${mode}-own/${unique("q")}`;
  return { queue, args: ["worker", queue, "--processes", String(processes), ...flags] };
}

const told = ({ site }: Cell, name: string): string[] => site.story().filter((line) => line.startsWith(`${name} `));

/** Healthy jobs in front of the poison and behind it. */
async function mixed({ client }: Cell, queue: string, name: string, poison: readonly string[]): Promise<string[]> {
  const healthy = Array<object>(25).fill({ name });
  await client.enqueueMany("workers.where", healthy, { queue });
  const ids: string[] = [];
  for (const path of poison) {
    const options = path === "poison.loops" ? { hardTimeout: 100 } : {};
    ids.push((await client.enqueue(path, {}, { queue, ...options })).id);
  }
  await client.enqueueMany("workers.where", healthy, { queue });
  return ids;
}

/** What is kept of a queue in which all is over, and 50 jobs have succeeded. */
function setAside({ client }: Cell, queue: string, count: number): Promise<Job[]> {
  return waitFor("the healthy have finished, and the poison is set aside", async () => {
    const { success, queued, started, retry, interrupt } = await client.queue(queue).counts();
    const dead = await client.deadLetters({ queue });
    return success === 50 && queued + started + retry + interrupt === 0 && dead.length === count && dead;
  });
}

const lost = { status: "failed", lost: 2, error: { code: "WORKER_LOST" } };
const endOf: Readonly<Record<string, object>> = {
  "poison.exits": lost,
  "poison.segfaults": lost,
  "poison.rejects": lost,
  // It may have been a neighbour of the one whose end tells nobody who is to blame.
  "poison.loops": { status: "timeout", error: { code: "TIMEOUT" } },
};

/** Without child processes the worker dies of it, and the next one runs what was lost in a child of its own. */
async function diesItself(cell: Cell): Promise<void> {
  const { queue, args } = own(cell, "--lease", "1s");
  const name = unique("job");
  const [id] = await mixed(cell, queue, name, ["poison.exits"]);
  expect(await cell.site.start(args).ended).toMatchObject({ code: 3 });
  cell.site.start(args);
  expect(await setAside(cell, queue, 1)).toMatchObject([{ id, ...lost }]);
}

const recycles: Refusal = {
  processes: 0,
  reason: "recycle needs child processes",
  shown: async (cell) => {
    const { args } = own(cell, "--recycle-jobs", "3");
    expect(await cell.site.run(args)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("recycle needs child processes"),
    });
  },
};

const declare = (feature: Feature): void => {
  feature("--max-jobs: exactly so many start", async (cell) => {
    const { queue, args } = own(cell, "--concurrency", "3");
    const name = unique("job");
    await cell.client.enqueueMany("workers.where", Array<object>(9).fill({ name }), { queue });
    expect(await cell.site.run([...args, "--max-jobs", "5"])).toMatchObject({ code: 0 });
    expect(told(cell, name)).toHaveLength(5);
    expect(await cell.client.queue(queue).counts()).toMatchObject({ success: 5, queued: 4, interrupt: 0, started: 0 });
  });

  feature("--max-time: what runs then ends, nothing more begins", (cell) =>
    inTime(500, async (delay, passed) => {
      const { queue, args } = own(cell, "--concurrency", "1", "--max-time", `${delay}ms`);
      const name = unique("job");
      const gate = cell.site.gate();
      await cell.client.enqueue("workers.gated", { name, gate: gate.path }, { queue });
      const worker = cell.site.start(args);
      await waitFor("its time is over", async () => worker.says("the worker stops"));
      if (told(cell, name).length > 0) passed();
      await cell.client.enqueue("workers.where", { name }, { queue });
      gate.open();
      expect(await worker.ended).toMatchObject({ code: 0 });
      expect(told(cell, name)).toEqual([`${name} start`, `${name} end`]);
      expect(await cell.client.queue(queue).counts()).toMatchObject({ success: 1, queued: 1, interrupt: 0 });
    }),
  );

  feature(
    "recycling and --burst: no process runs more jobs than it may, all that is due runs, what is not due stays",
    async (cell) => {
      const { queue, args } = own(cell, "--concurrency", "2", "--recycle-jobs", "3", "--burst");
      const name = unique("job");
      await cell.client.enqueueMany("workers.where", Array<object>(12).fill({ name }), { queue });
      await cell.client.enqueue("workers.where", { name }, { queue, delay: "1h" });
      expect(await cell.site.run(args)).toMatchObject({ code: 0 });
      const pids = told(cell, name).map((line) => line.split(" ")[1]);
      expect(pids).toHaveLength(12);
      for (const pid of new Set(pids)) expect(pids.filter((one) => one === pid).length).toBeLessThanOrEqual(3);
      expect(await cell.client.queue(queue).counts()).toMatchObject({
        success: 12,
        queued: 1,
        started: 0,
        interrupt: 0,
      });
    },
    [recycles],
  );

  feature("poison that ends or holds its process is set aside, and the healthy finish", async (cell) => {
    if (cell.processes === 0) return diesItself(cell);
    const queue = cell.queue();
    const poison = Object.keys(endOf);
    const ids = await mixed(cell, queue, unique("job"), poison);
    const dead = await setAside(cell, queue, poison.length);
    for (const [i, id] of ids.entries())
      expect(dead.find((job) => job.id === id)).toMatchObject({ path: poison[i], ...endOf[poison[i]!] });
  });

  feature("thrown things that are no errors, and a stack of 50 MB", async (cell) => {
    const queue = cell.queue();
    for (const path of ["poison.text", "poison.nothing", "poison.huge"]) await cell.client.enqueue(path, {}, { queue });
    const dead = await waitFor("all have failed", async () => {
      const found = await cell.client.jobs({ queue, status: ["failed"] });
      return found.length === 3 && new Map(found.map((job) => [job.path, job]));
    });
    expect(dead.get("poison.text")?.error).toMatchObject({ name: "NonError", message: "a string was thrown: a text" });
    expect(dead.get("poison.nothing")?.error?.message).toBe("undefined was thrown: undefined");
    const { error, lost: losses } = dead.get("poison.huge")!;
    expect([losses, error!.message.length < 11_000, error!.stack!.length < 21_000]).toEqual([0, true, true]);
  });
};

featureGroup("Workers and poison", import.meta.url, declare, ["regular/", "raw/", "no-storage/"]);
