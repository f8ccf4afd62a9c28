import { expect } from "@jest/globals";
import { defineTask } from "@tandemq/core";
import { unique } from "../../support/unique.js";
import { waitFor } from "../../support/wait-for.js";
import { type Cell, featureGroup } from "../support/feature.js";

/** As a producer has them that knows the tasks. */
const host = ({ host: name }: { host: string }): string => name;
const hourly = defineTask("limits.hourly", () => {}, { limit: { key: host as never, max: 2, per: "1h" } });
const rated = defineTask("limits.rated", () => {}, { limit: { key: host as never, max: 2, per: "500ms" } });
const single = defineTask("limits.single", () => {}, { limit: { key: host as never, concurrency: 1 } });

const lines = (cell: Cell, name: string) => cell.site.story().filter((line) => line.endsWith(name));
const started = (cell: Cell, name: string) => lines(cell, name).filter((line) => line.startsWith("start")).length;
const ended = async (cell: Cell, queue: string) => (await cell.client.queue(queue).counts()).success;

/** Five jobs, of which two may run within the hour; those of another host, queued behind them, run. */
async function startsInATime(cell: Cell, task: typeof hourly | string) {
  const queue = cell.queue();
  const [slow, quick] = [unique("host"), unique("host")];
  await cell.client.enqueueMany(task as string, Array(5).fill({ host: slow, name: slow }), { queue });
  await cell.client.enqueue(task as string, { host: quick, name: quick }, { queue });
  const waiting = await waitFor("what may run has run, and the others wait", async () => {
    const [jobs, over] = [await cell.client.jobs({ queue, status: ["queued", "interrupt"] }), await ended(cell, queue)];
    const isAll = jobs.length + over === 6 && jobs.every(({ due }) => due && due.getTime() > Date.now() + 3_000_000);
    return isAll && jobs;
  });
  expect(started(cell, quick)).toBe(1);
  // A job that a process gives back because it stands still has had its start, and waits for another.
  const frozen = waiting.filter(({ deliveries }) => deliveries > 1).length;
  expect(started(cell, slow) + frozen).toBe(2);
  expect(waiting).toMatchObject(Array(3 + frozen).fill({ attempt: 0, lost: 0, history: [] }));
}

/** Two start at once, the others in the next window: claimed when they are first seen, and for their start. */
async function claimedTwice(cell: Cell) {
  const queue = cell.queue();
  const name = unique("rated");
  const began = performance.now();
  for (const [task, host] of [
    [rated, name],
    ["limits.rated", `${name} by path`],
  ] as const)
    await cell.client.enqueueMany(task as string, Array(4).fill({ host, name }), { queue });
  await waitFor("all have run", async () => (await ended(cell, queue)) === 8);
  // Who comes too late for its start is told another one.
  const late = Math.max(0, performance.now() - began - 500);
  const claims = lines(cell, name).map((line) => Number(line.split(" ")[1]));
  expect(claims).toHaveLength(8);
  expect(Math.max(...claims)).toBeLessThanOrEqual(2 + Math.floor(late / 400));
}

/** Three jobs of one host run one after the other, however many slots are free. */
async function oneAtATime(cell: Cell, task: typeof single | string, queue: string) {
  const [slow, quick] = [unique("host"), unique("host")];
  const gate = cell.site.gate();
  await cell.client.enqueueMany(task as string, Array(3).fill({ host: slow, name: slow, gate: gate.path }), { queue });
  await cell.client.enqueue(task as string, { host: quick, name: quick }, { queue });
  await waitFor("the other host's job has run", async () => (await ended(cell, queue)) === 1);
  await waitFor("one runs", async () => started(cell, slow) === 1);
  gate.open();
  await waitFor("all have run", async () => (await ended(cell, queue)) === 4);
  expect(lines(cell, slow).map((line) => line.split(" ")[0])).toEqual(["start", "end", "start", "end", "start", "end"]);
}

/** A job that a limit holds back has not started: its key is taken until it has. */
async function keepsItsKey(cell: Cell, task: typeof single | string) {
  const queue = cell.queue();
  const name = unique("host");
  const gate = cell.site.gate();
  const add = (key?: string) =>
    cell.client.enqueue(task as string, { host: name, name, gate: gate.path }, { queue, ...(key ? { key } : {}) });
  await add();
  await waitFor("one runs", async () => started(cell, name) === 1);
  const held = await add("k");
  await waitFor("the other is held back", async () => (await held.get()).status === "interrupt");
  expect(await add("k")).toMatchObject({ created: false, id: held.id });
  gate.open();
  await waitFor("both have run", async () => (await ended(cell, queue)) === 2);
  expect((await add("k")).created).toBe(true);
}

/** Whether a job of this queue is left where it is while one of another queue runs. */
async function staysInLine(cell: Cell, queue: string): Promise<boolean> {
  const [probe, other] = [unique("probe"), unique("other")];
  await cell.client.enqueue("fair.named", { name: probe }, { queue });
  await cell.client.enqueue("fair.named", { name: other }, { queue: cell.queue() });
  await waitFor("the other job has run", async () => cell.site.story().includes(other));
  await cell.client.queue(queue).purge();
  return (await cell.client.queue(queue).counts()).started === 0 && !cell.site.story().includes(probe);
}

featureGroup(
  "Limits and fairness",
  import.meta.url,
  (feature) => {
    feature("so many starts in a time, by key", (cell) => startsInATime(cell, hourly));
    feature("so many starts in a time, enqueued by path", (cell) => startsInATime(cell, "limits.hourly"));
    feature("a job that waits for its start is claimed twice", claimedTwice);
    feature("so many runs at a time, by key", (cell) => oneAtATime(cell, single, cell.queue()));
    feature("so many runs at a time, enqueued by path", (cell) => oneAtATime(cell, "limits.single", cell.queue()));
    feature("a key until the start is kept while a limit holds its job back", async (cell) => {
      await keepsItsKey(cell, single);
      await keepsItsKey(cell, "limits.single");
    });
    feature("limits of a queue", (cell) => oneAtATime(cell, "limits.plain", `${cell.mode}/narrow/${unique("q")}`));

    feature("several limits of one task", async (cell) => {
      const queue = cell.queue();
      const hosts = [unique("host"), unique("host")];
      const list = [...hosts, ...hosts].map((name) => ({ host: name, name }));
      await cell.client.enqueueMany("limits.both", list, { queue });
      await waitFor("one of each has run", async () => (await ended(cell, queue)) === 2);
      expect(hosts.map((name) => started(cell, name))).toEqual([1, 1]);
    });

    feature("a rate limit inside a task", async (cell) => {
      const name = unique("action");
      await cell.client.enqueue("fair.actions", { name }, { queue: cell.queue() });
      await waitFor("it has run", async () => cell.site.story().includes(`${name} 3,2,1,0`));
    });

    feature("batches: one call for several jobs, each settled for itself", async (cell) => {
      const queue = cell.queue();
      const name = unique("job");
      const list = ["a", "b", "c", "d"].map((one) => ({ name: `${name}${one}`, fails: one === "b" }));
      await cell.client.enqueueMany("fair.batch", list, { queue });
      await waitFor("all are over", async () => {
        const { success, failed } = await cell.client.queue(queue).counts();
        return success === 3 && failed === 1;
      });
      const [failed] = await cell.client.jobs({ queue, status: ["failed"] });
      expect(failed?.error).toMatchObject({ name: "RangeError", message: `${name}b fails` });
      const batches = cell.site.story().filter((line) => line.startsWith("batch") && line.includes(name));
      expect(batches.flatMap((line) => line.slice(6).split(",")).sort()).toEqual(list.map((one) => one.name));
      for (const line of batches) expect(line.split(",").length).toBeLessThanOrEqual(3);
    });

    feature("a tree of queues is paused, counted and served fairly", async (cell) => {
      const root = `${cell.mode}/${unique("tree")}/` as const;
      const tree = cell.client.queue(root);
      const name = unique("job");
      await tree.pause();
      expect(await tree.isPaused()).toBe(true);
      await waitFor("the pause to be seen", () => staysInLine(cell, `${root}probe`));
      const small = Array.from({ length: 8 }, (_, i) => `${root}small/${i}`);
      await cell.client.enqueueMany("fair.placed", Array(400).fill({ name: `${name}-full` }), { queue: `${root}full` });
      for (const queue of small) await cell.client.enqueue("fair.placed", { name: `${name}-small` }, { queue });
      await cell.client.enqueue("fair.named", { name: `${name}-outside` }, { queue: cell.queue() });
      await waitFor("what is outside has run", async () => cell.site.story().includes(`${name}-outside`));
      expect(await tree.counts()).toMatchObject({ queued: 408, started: 0 });
      await tree.resume();
      await cell.client.untilIdle([root], { timeout: "1m" });
      expect(await tree.counts()).toMatchObject({ queued: 0, started: 0 });
      expect(await tree.queues()).not.toContain(root);
      const ran = cell.site.story().filter((line) => line.startsWith(name) && !line.endsWith("outside"));
      expect(ran).toHaveLength(408);
      // A line of 400 is in front of each of the small queues: they have their turn among the first of it. A process that
      // stands still keeps some of them while the others go on, so that each tells of its own line alone.
      const places = [...new Set(ran.map((line) => line.split(" ")[1]))].flatMap((pid) =>
        ran
          .filter((line) => line.endsWith(` ${pid}`))
          .flatMap((line, place) => (line.includes("-small ") ? [place] : [])),
      );
      expect(places.sort((a, b) => a - b)[places.length / 2]).toBeLessThan(50);
    });

    feature("untilIdle: until nothing is due and nothing runs, whatever waits for its time", async (cell) => {
      const queue = cell.queue();
      const name = unique("job");
      const gate = cell.site.gate();
      await cell.client.enqueue("fair.named", { name }, { queue, delay: "1h" });
      await cell.client.enqueue("fair.leaves", { name, gate: gate.path }, { queue });
      await waitFor("it runs", async () => cell.site.story().includes(`${name}-runs`));
      await expect(cell.client.untilIdle([queue], { timeout: "50ms" })).rejects.toMatchObject({ code: "NOT_IDLE" });
      gate.open();
      await cell.client.untilIdle([queue], { timeout: "1m" });
      expect(await cell.client.queue(queue).counts()).toMatchObject({ queued: 1, started: 0 });
    });

    feature("tasks that are not wanted here wait for others; they are told so", async (cell) => {
      const queue = cell.queue();
      const name = unique("job");
      await cell.client.enqueueMany("others.named", Array(12).fill({ name }), { queue });
      await cell.client.enqueue("fair.named", { name: `${name}-here` }, { queue });
      await waitFor("the worker here has looked", async () => cell.site.story().includes(`${name}-here`));
      const left = await waitFor("the others are left", async () => {
        const counts = await cell.client.queue(queue).counts();
        return counts.started === 0 && counts;
      });
      expect(left).toMatchObject({ queued: 12, retry: 0, interrupt: 0 });
      const [job] = await cell.client.jobs({ queue, path: "others.named" });
      const { reasons } = await cell.client.why(job!.id, queue);
      expect(reasons).toMatchObject([{ reason: "filtered", path: "others.named", workers: 1 }]);
    });

    feature("queues in order; --until-idle: a worker stays until nothing runs elsewhere", async (cell) => {
      const [high, low] = [cell.queue(), cell.queue()];
      const name = unique("job");
      const [gate, go] = [cell.site.gate(), cell.site.gate()];
      const add = (queue: string, text: string) =>
        cell.client.enqueueMany("others.gated", Array(12).fill({ name: `${name}-${text}`, gate: go.path }), { queue });
      const told = (text: string) => cell.site.story().filter((line) => line === `${name}-${text}`).length;
      await cell.client.enqueue("fair.leaves", { name, gate: gate.path, leaves: "others.named" }, { queue: low });
      await add(low, "low");
      await add(high, "high");
      await waitFor("one runs here", async () => told("runs") === 1);
      const layout = ["--concurrency", "1", "--processes", String(cell.processes), "--heartbeat", "100ms"];
      const other = cell.site.start(
        ["worker", high, low, "--strategy", "strict", "--only", "others.*", "--until-idle"].concat(layout),
      );
      // Every process is busy with the first of the order, whose others stand before what is behind them.
      const slots = Math.max(1, cell.processes);
      await waitFor("its slots are taken", async () => told("high") + told("low") === slots);
      expect(told("high")).toBe(slots);
      go.open();
      await waitFor("nothing is left for the other", async () => {
        const workers = await cell.client.workers();
        return workers.some(({ queues, report }) => queues.includes(high) && (report as { done?: number }).done === 24);
      });
      expect([told("high"), told("low"), told("left")]).toEqual([12, 12, 0]);
      gate.open();
      expect(await other.ended).toMatchObject({ code: 0 });
      expect(told("left")).toBe(1);
      const ran = cell.site.story().filter((line) => line.startsWith(`${name}-`) && !line.endsWith("runs"));
      // Several processes run side by side.
      if (slots === 1) expect(ran.findIndex((line) => line.endsWith("low"))).toBe(12);
    });
  },
  ["--except", "others.*"],
);
