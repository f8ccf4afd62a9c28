import { expect } from "@jest/globals";
import { defineTask } from "@tandemq/core";
import { unique } from "../../support/unique.js";
import { waitFor } from "../../support/wait-for.js";
import { type Cell, featureGroup } from "../support/feature.js";

/** As a producer has them that knows the tasks. */
const host = ({ host: name }: { host: string }): string => name;
const hourly = defineTask("limits.hourly", () => {}, { limit: { key: host as never, max: 2, per: "1h" } });
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
  await waitFor("what may run has run", async () => (await ended(cell, queue)) === 3);
  expect([started(cell, slow), started(cell, quick)]).toEqual([2, 1]);
  const waiting = await waitFor("the others wait", async () => {
    const jobs = await cell.client.jobs({ queue, status: ["queued", "interrupt"] });
    return jobs.length === 3 && jobs.every(({ due }) => due && due.getTime() > Date.now() + 3_000_000) && jobs;
  });
  expect(waiting).toMatchObject(Array(3).fill({ attempt: 0, lost: 0, history: [] }));
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

featureGroup("Limits", import.meta.url, (feature) => {
  feature("so many starts in a time, by key", (cell) => startsInATime(cell, hourly));
  feature("so many starts in a time, enqueued by path", (cell) => startsInATime(cell, "limits.hourly"));
  feature("so many runs at a time, by key", (cell) => oneAtATime(cell, single, cell.queue()));
  feature("so many runs at a time, enqueued by path", (cell) => oneAtATime(cell, "limits.single", cell.queue()));
  feature("limits of a queue", (cell) => oneAtATime(cell, "limits.plain", `${cell.mode}/narrow/${unique("q")}`));

  feature("several limits of one task", async (cell) => {
    const queue = cell.queue();
    const hosts = [unique("host"), unique("host")];
    const list = [...hosts, ...hosts].map((name) => ({ host: name, name }));
    await cell.client.enqueueMany("limits.both", list, { queue });
    await waitFor("one of each has run", async () => (await ended(cell, queue)) === 2);
    expect(hosts.map((name) => started(cell, name))).toEqual([1, 1]);
  });
});
