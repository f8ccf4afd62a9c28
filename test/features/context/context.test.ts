import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "@jest/globals";
import { type Job, type JobLogLine, newJobId, type Task, type WorkerRecord } from "@tandemq/core";
import { waitFor } from "../../support/wait-for.js";
import { type Cell, featureGroup, type Refusal } from "../support/feature.js";

/** Enqueues the job and waits until it has failed: failures are kept in every mode. */
async function failed({ client }: Cell, path: string, params: object, queue: string): Promise<Job> {
  const { id } = await client.enqueue(path, params, { queue });
  return waitFor(`${path} failed`, async () => (await client.jobs({ queue, ids: [id], status: failures }))[0]);
}

const failures = ["failed", "maxretries"] as const;

/** What the run told as its error. */
async function told(cell: Cell, path: string, params: object = {}): Promise<Record<string, unknown>> {
  const { error } = await failed(cell, path, params, cell.queue());
  expect(error?.name).toBe("Told");
  return JSON.parse(error?.message ?? "{}");
}

async function lines({ client }: Cell, id: string, count: number): Promise<readonly JobLogLine[]> {
  return waitFor(`${count} lines`, async () => {
    const found = await client.logs(id);
    return found.length >= count ? found : undefined;
  });
}

interface Running {
  readonly id: string;
  readonly progress: unknown;
}

const runningOf = ({ report }: WorkerRecord): readonly Running[] => (report as { running?: Running[] }).running ?? [];

const onlyInReport: Refusal = {
  mode: "no-storage",
  reason: "a running no-storage job is stored nowhere: its progress stands in its worker's report",
  shown: async (cell) => {
    const { client, queue: name } = cell;
    const queue = name();
    const { id } = await client.enqueue("context.slow", {}, { queue });
    const running = await waitFor("the worker reports it", async () =>
      (await client.workers()).flatMap(runningOf).find((job) => job.id === id && job.progress !== null),
    );
    expect(running.progress).toEqual({ phase: "waiting" });
    expect((await client.job(id, queue))?.progress).toBeUndefined();
    const handle = await client.handle({ id, queue });
    expect(() => handle.progress()).toThrow(expect.objectContaining({ code: "NOT_SUPPORTED" }));
  },
};

interface Invitation {
  readonly guests: readonly { readonly from: string }[];
}

/** The tasks of this group's project that have a schema, as a producer imports them. */
const invitations = import(new URL("tasks/invite.mjs", import.meta.url).href) as Promise<
  Readonly<Record<"zod" | "valibot" | "arktype", Task<Invitation, unknown, never>>>
>;

featureGroup("Inside a task", import.meta.url, (feature) => {
  feature("job logs: levels, any text, search", async (cell) => {
    const { id } = await failed(cell, "context.talk", {}, cell.queue());
    const found = await lines(cell, id, 3);
    expect(found.map(({ level, message }) => [level, message])).toEqual([
      ["info", "hello"],
      ["debug", "aside"],
      ["warn", "NUL \u0000 and half \ufffd"],
    ]);
    expect(found[0]).toMatchObject({ attempt: 1, data: { half: "\ufffd", "nul\u0000": "\u0000" } });
    expect(await cell.client.logs(id, { level: "warn" })).toHaveLength(1);
    expect(await cell.client.logs(id, { text: "HELLO" })).toHaveLength(1);
    expect(await cell.client.logs(id, { text: "nothing", attempt: 2 })).toEqual([]);
    await expect(cell.client.logs(id, { level: "loud" as never })).rejects.toMatchObject({ code: "INVALID_OPTION" });
  });

  feature("job logs: bounded, the oldest lines are dropped with a note", async (cell) => {
    const { id } = await failed(cell, "context.chatter", { lines: 2_500 }, cell.queue());
    const found = await waitFor("the last line", async () => {
      const kept = await cell.client.logs(id);
      return kept.at(-1)?.message === "line 2500" && kept.length <= 1001 ? kept : undefined;
    });
    expect(found[0]?.message).toBe(
      `${2_500 - (found.length - 1)} earlier lines were dropped: a job keeps its last ones`,
    );
  });

  feature(
    "job logs: written while the job runs",
    async (cell) => {
      const queue = cell.queue();
      const { id } = await cell.client.enqueue("context.slow", {}, { queue });
      for await (const { message } of cell.client.tail(id, { queue })) {
        expect(message).toBe("I wait");
        break;
      }
      expect((await cell.client.job(id, queue))?.status).toBe("started");
      expect(await cell.client.logs(id, { text: "i wait" })).toHaveLength(1);
    },
    [
      {
        mode: "no-storage",
        reason: "of no-storage jobs only the lines of runs that fail for good are kept",
        shown: async (cell) => {
          const queue = cell.queue();
          const { id } = await cell.client.enqueue("context.slow", {}, { queue });
          await waitFor("the worker reports it", async () =>
            (await cell.client.workers()).flatMap(runningOf).some((job) => job.id === id && job.progress !== null),
          );
          expect(await cell.client.logs(id)).toEqual([]);
        },
      },
    ],
  );

  feature("job logs: live tail", async (cell) => {
    const queue = cell.queue();
    const { id } = await cell.client.enqueue("context.talk", {}, { queue });
    const seen: string[] = [];
    for await (const { message } of cell.client.tail(id, { queue, level: "info" })) {
      seen.push(message);
      if (seen.length === 2) break;
    }
    expect(seen[0]).toBe("hello");
  });

  feature("progress: a number or an object", async (cell) => {
    const queue = cell.queue();
    const { id, error } = await failed(cell, "context.advance", {}, queue);
    expect(JSON.parse(error?.message ?? "{}")).toEqual({ refused: [true, true, true, true, true, true, true] });
    if (cell.mode === "no-storage") return;
    await waitFor("the last progress", async () => {
      const { progress } = (await cell.client.job(id, queue)) ?? {};
      return JSON.stringify(progress) === '{"done":3,"of":4}';
    });
  });

  feature(
    "progress: stored while the job runs",
    async ({ client, queue: name }) => {
      const queue = name();
      const handle = await client.enqueue("context.slow", {}, { queue });
      for await (const progress of handle.progress()) {
        expect(progress).toEqual({ phase: "waiting" });
        break;
      }
      expect(await client.job(handle.id, queue)).toMatchObject({ status: "started", progress: { phase: "waiting" } });
    },
    [onlyInReport],
  );

  feature("currentJob() anywhere below, and the idempotency key", async (cell) => {
    const { id, error } = await failed(cell, "context.below", {}, cell.queue());
    expect(JSON.parse(error?.message ?? "{}")).toEqual({ found: [true, true, true, true, true], key: id });
  });

  feature("sub-jobs, their parent and a client's view of them", async (cell) => {
    const { client, queue: name } = cell;
    const [queue, below] = [name(), name()];
    const { id, error } = await failed(cell, "context.parent", { queue: below }, queue);
    const { ids, same, wrong } = JSON.parse(error?.message ?? "{}") as { ids: string[]; same: boolean; wrong: string };
    expect({ same, wrong }).toEqual({ same: true, wrong: "QUEUE_UNKNOWN" });
    const children = await client.children(id, { queue: below });
    expect(new Set(children.map((one) => one.id))).toEqual(new Set(ids));
    expect(children.every((one) => one.parent === id && one.meta?.["origin"] === "run")).toBe(true);
  });

  feature("sub-jobs: one of a name, however often the job runs", async (cell) => {
    const below = cell.queue();
    const { id, attempt } = await failed(cell, "context.twice", { queue: below }, cell.queue());
    expect(attempt).toBe(2);
    expect((await cell.client.children(id, { queue: below })).map(({ params }) => params)).toEqual([{ n: 1 }]);
    const folder = await mkdtemp(join(tmpdir(), "tandemq-context-"));
    const file = join(folder, "runs");
    await failed(cell, "context.heir", { queue: cell.queue(), file }, cell.queue());
    await waitFor("the last one has run", () => existsSync(`${file}.last`));
    const runs = (await readFile(file, "utf8")).length;
    await rm(folder, { recursive: true });
    // Without a store nothing tells that it is over.
    expect(runs).toBeLessThanOrEqual(cell.mode === "no-storage" ? 2 : 1);
  });

  feature("sub-jobs: a list, with options made for each, or none of it", async (cell) => {
    const queues = [cell.queue(), cell.queue()];
    const { id, attempt, error } = await failed(cell, "context.many", { queues }, cell.queue());
    expect(attempt).toBe(2);
    for (const [n, queue] of queues.entries()) {
      const children = await cell.client.children(id, { queue });
      expect(children).toMatchObject([{ path: "context.child", params: { n }, tags: [`tag ${n}`] }]);
    }
    expect(JSON.parse(error?.message ?? "{}").refused).toEqual([
      "INVALID_PARAMS",
      "job 1: task context.checked: params.at: expected a date",
      "INVALID_OPTION",
      "enqueueMany: once: one name for many jobs: give options as a function that makes each",
    ]);
  });

  feature("sub-jobs: a malformed parent is refused", async ({ client, queue }) => {
    const odd = client.enqueue("context.child", {}, { queue: queue(), parent: "me" });
    await expect(odd).rejects.toMatchObject({ code: "INVALID_OPTION" });
  });

  feature("sub-jobs: a job that would descend from itself is refused", async ({ client, queue: name }) => {
    const queue = name();
    const [one, two] = [newJobId(), newJobId()];
    await client.enqueue("context.child", {}, { queue, delay: "1h", id: one, parent: two });
    const circle = client.enqueue("context.child", {}, { queue, id: two, parent: one });
    await expect(circle).rejects.toMatchObject({
      code: "INVALID_OPTION",
      message: `enqueue: parent: ${one} descends from job ${two}`,
    });
    expect(await client.job(two, queue)).toBeUndefined();
  });

  feature("map and stream: bounded, in order", async (cell) => {
    expect(await told(cell, "context.mapped")).toEqual({
      doubled: [2, 4, 6, 8, 10, 12],
      streamed: [2, 4, 6],
      most: 3,
    });
  });

  feature("params are checked before the run, and are what the schema makes of them", async (cell) => {
    expect(await told(cell, "context.checked", { at: "2026-05-04T12:00:00Z" })).toEqual({ year: 2026 });
    const { status, attempt, error } = await failed(cell, "context.checked", { at: "never" }, cell.queue());
    expect({ status, attempt }).toEqual({ status: "failed", attempt: 1 });
    expect(error).toMatchObject({
      code: "INVALID_PARAMS",
      message: "task context.checked: params.at: expected a date",
    });
  });

  for (const library of ["zod", "valibot", "arktype"] as const) {
    feature(`a schema of ${library}: at the enqueue and before the run, with the path`, async (cell) => {
      const { [library]: task } = await invitations;
      const queue = cell.queue();
      const good = { guests: [{ from: "2027-03-01T00:00:00Z" }] };
      const bad = { guests: [...good.guests, { from: "never" }] };
      const path = { message: expect.stringContaining(`task invite.${library}: params.guests[1].from: `) };
      await expect(cell.client.enqueue(task, bad, { queue })).rejects.toMatchObject({
        code: "INVALID_PARAMS",
        ...path,
      });
      expect(await cell.client.jobs({ queue })).toEqual([]);
      const { id } = await cell.client.enqueue(task, good, { queue });
      // By its path alone: the producer has no schema.
      const unchecked = await failed(cell, task.path, bad, queue);
      expect(unchecked).toMatchObject({ attempt: 1, error: { code: "INVALID_PARAMS", ...path } });
      const run = await waitFor(
        "the good one has told",
        async () => (await cell.client.jobs({ queue, ids: [id], status: failures }))[0],
      );
      expect(run.error).toMatchObject({ name: "Told", message: '{"year":2027}' });
    });
  }

  feature("middleware around enqueue", async ({ client, queue: name }) => {
    const queue = name();
    const { id } = await client.enqueue("context.layered", {}, { queue, delay: "1h", meta: { more: "x" } });
    expect((await client.job(id, queue))?.meta).toEqual({ origin: "client", more: "x" });
  });

  feature("middleware around runs", async (cell) => {
    const { error } = await failed(cell, "context.layered", {}, cell.queue());
    expect(error).toMatchObject({ message: '{"meta":{"origin":"client"},"around":"client"}' });
  });

  feature("onFailed", async (cell) => {
    const below = cell.queue();
    const { id } = await failed(cell, "context.hooked", { queue: below }, cell.queue());
    const [child] = await cell.client.children(id, { queue: below });
    expect(child?.params).toEqual({ failed: "Told" });
  });
});
