import { expect } from "@jest/globals";
import type { EnqueueOptions, Job } from "@tandemq/core";
import { unique } from "../../support/unique.js";
import { waitFor } from "../../support/wait-for.js";
import { type Cell, featureGroup, type Refusal } from "../support/feature.js";

const over = ["failed", "timeout", "maxretries", "cancel", "abort", "expired"] as const;

/** Enqueues the job and returns it when it is over: every one here ends without success, and is kept in every mode. */
async function run(cell: Cell, path: string, options: EnqueueOptions = {}): Promise<Job> {
  const { id } = await cell.client.enqueue(path, {}, { queue: cell.queue(), ...options });
  return ended(cell, id);
}

function ended({ client }: Cell, id: string): Promise<Job> {
  return waitFor("the job is over", async () => (await client.jobs({ ids: [id], status: over }))[0]);
}

/** What the `onFailed` of the job was told, at each call. */
async function told({ client }: Cell, id: string, below: string): Promise<unknown[]> {
  const calls = await waitFor("onFailed was called", async () => {
    const found = await client.children(id, { queue: below });
    return found.length > 0 && found;
  });
  return calls.map(({ params }) => params);
}

function needsChildren(option: "hardTimeout" | "isolate"): Refusal {
  return {
    processes: 0,
    reason: `${option} needs child processes`,
    shown: async (cell) => {
      const job = await run(cell, "stopping.tells", option === "isolate" ? { isolate: true } : { hardTimeout: "1s" });
      expect(job).toMatchObject({ status: "failed", error: { code: "NOT_SUPPORTED" } });
      expect(job.error?.message).toContain("start it with --processes 1 or more");
    },
  };
}

featureGroup("Time limits, isolation, cancelling", import.meta.url, (feature) => {
  feature("a timeout of the job aborts its signal", async (cell) => {
    const job = await run(cell, "stopping.polite", { timeout: 20 });
    expect(job).toMatchObject({ status: "timeout", attempt: 1, lost: 0, error: { code: "TIMEOUT" } });
  });

  feature("a timeout of the task", async (cell) => {
    expect(await run(cell, "stopping.brief")).toMatchObject({ status: "timeout", lost: 0 });
  });

  feature("a timeout of the queue", async (cell) => {
    const queue = `${cell.mode}/${unique("brisk")}`;
    const job = await run(cell, "stopping.polite", { queue });
    expect(job).toMatchObject({
      status: "timeout",
      error: { message: "the run took longer than its timeout of 30 ms" },
    });
  });

  feature("a timeout may be retried", async (cell) => {
    const job = await run(cell, "stopping.polite", { timeout: 5, attempts: 2, backoff: { type: "fixed", delay: 1 } });
    expect(job).toMatchObject({ status: "maxretries", attempt: 2, error: { code: "TIMEOUT" } });
  });

  feature("a task that swallows its abort is timed out all the same", async (cell) => {
    expect(await run(cell, "stopping.swallows", { timeout: 10 })).toMatchObject({ status: "timeout", attempt: 1 });
  });

  feature("a task that does not hear its abort gives its slot back", async (cell) => {
    // One more than there are slots here; where each costs a child, one is enough.
    const length = cell.processes === 0 ? 11 : 1;
    const jobs = await Promise.all(Array.from({ length }, () => run(cell, "stopping.deaf", { timeout: 1 })));
    for (const job of jobs) expect(job).toMatchObject({ status: "timeout", lost: 0 });
    expect((await run(cell, "stopping.tells")).status).toBe("abort");
  });

  feature(
    "a hard limit kills the child, and costs its neighbours nothing",
    async (cell) => {
      const { client, site, processes } = cell;
      const [queue, gate] = [cell.queue(), site.gate()];
      const list = Array<object>(5).fill({ gate: gate.path });
      const neighbours = await client.enqueueMany("stopping.gated", list, { queue, attempts: 1 });
      await waitFor("they run", async () => (await client.queue(queue).counts()).started === list.length);
      const guilty = await run(cell, "stopping.deaf", { hardTimeout: 60 });
      expect(guilty).toMatchObject({ status: "timeout", attempt: 1, lost: 0 });
      expect(guilty.error?.message).toBe("the run took longer than its timeout of 60 ms");
      await waitFor("they run again", async () => (await client.queue(queue).counts()).started === list.length);
      gate.open();
      const ends = await Promise.all(neighbours.map(({ id }) => ended(cell, id)));
      for (const job of ends) expect(job).toMatchObject({ status: "abort", attempt: 1, lost: 0 });
      // Where there is one process all of them were killed with it, and had to start again.
      if (processes === 1) expect(ends.map(({ deliveries }) => deliveries)).toEqual([2, 2, 2, 2, 2]);
    },
    [needsChildren("hardTimeout")],
  );

  feature(
    "an isolated job has a process of its own",
    async (cell) => {
      const pidOf = async (options: EnqueueOptions) => (await run(cell, "stopping.tells", options)).error?.message;
      const alone = await pidOf({ isolate: true });
      const common = await Promise.all(Array.from({ length: 8 }, () => pidOf({})));
      expect(common).not.toContain(alone);
      expect(alone).not.toBe(String(cell.worker.pid));
    },
    [needsChildren("isolate")],
  );

  feature("cancel a waiting job at once, by its id", async ({ client, queue }) => {
    const job = await client.enqueue("stopping.polite", {}, { queue: queue(), delay: "1h" });
    expect(await client.cancel(job.id)).toBe("done");
    expect(await client.job(job.id)).toMatchObject({ status: "cancel", attempt: 0 });
    expect([await job.cancel(), await client.cancel("f".repeat(24))]).toEqual(["final", "missing"]);
  });

  feature("cancel running jobs through their signal, by handle, list and filter", async (cell) => {
    const { client, queue: name } = cell;
    const queue = name();
    const jobs = [1, 2, 3].map(() => client.enqueue("stopping.polite", {}, { queue, attempts: 5 }));
    const [one, two, three] = await Promise.all(jobs);
    await waitFor("they run", async () => (await client.queue(queue).counts()).started === 3);
    expect(await one?.cancel({ running: false })).toBe("started");
    expect(await one?.cancel()).toBe("requested");
    expect(await client.cancel([two!])).toEqual(["requested"]);
    const report = await client.action("cancel", { queue, ids: [three!.id], status: ["started"] }).result();
    expect(report).toMatchObject({ found: 1, done: 1 });
    for (const { id } of [one!, two!, three!]) {
      expect(await ended(cell, id)).toMatchObject({
        status: "cancel",
        attempt: 1,
        lost: 0,
        error: { code: "ABORTED" },
      });
    }
  });

  feature("cancel a running job by force when it does not hear its signal", async (cell) => {
    const { client, queue: name } = cell;
    const [queue, below] = [name(), name()];
    const { id } = await client.enqueue("stopping.grieves", { below, deaf: true }, { queue });
    await waitFor("it runs", async () => (await client.queue(queue).counts()).started === 1);
    expect(await client.cancel({ id, queue })).toBe("requested");
    expect(await ended(cell, id)).toMatchObject({ status: "cancel", lost: 0 });
    expect(await told(cell, id, below)).toEqual([{ status: "cancel", code: "ABORTED" }]);
  });

  feature("cancel a job with its children", async (cell) => {
    const { client, queue: name } = cell;
    const [queue, child] = [name(), name()];
    const { id } = await client.enqueue("stopping.parent", { child }, { queue });
    await waitFor("its child waits", async () => (await client.children(id)).length === 1);
    expect(await client.cancel(id, { children: true })).toBe("requested");
    expect(await ended(cell, id)).toMatchObject({ status: "cancel" });
    expect(await client.children(id)).toMatchObject([{ status: "cancel", queue: child }]);
  });

  feature("onFailed of a run that was stopped: by its timeout, by itself, by its hard limit", async (cell) => {
    const ends = [
      [{ timeout: 5 }, {}, { status: "timeout", code: "TIMEOUT" }],
      [{}, { abort: true }, { status: "abort", code: "ABORTED" }],
      [{ hardTimeout: 60 }, { deaf: true }, hardEnd(cell)],
    ] as const;
    const below = cell.queue();
    for (const [options, params, end] of ends) {
      const { id } = await cell.client.enqueue(
        "stopping.grieves",
        { below, ...params },
        { queue: cell.queue(), ...options },
      );
      expect((await ended(cell, id)).status).toBe(end.status);
      expect(await told(cell, id, below)).toEqual([end]);
    }
  });

  feature("onFailed of a run that was cancelled, and heard it", async (cell) => {
    const { client, queue: name } = cell;
    const [queue, below] = [name(), name()];
    const { id } = await client.enqueue("stopping.grieves", { below }, { queue });
    await waitFor("it runs", async () => (await client.queue(queue).counts()).started === 1);
    await client.cancel(id);
    expect((await ended(cell, id)).status).toBe("cancel");
    expect(await told(cell, id, below)).toEqual([{ status: "cancel", code: "ABORTED" }]);
  });

  feature("onFailed of a job that never ran: it has expired", async (cell) => {
    const { client, queue: name } = cell;
    const [queue, below] = [name(), name()];
    const { id } = await client.enqueue("stopping.grieves", { below }, { queue, startBy: new Date(1000) });
    expect(await ended(cell, id)).toMatchObject({ status: "expired" });
    expect(await told(cell, id, below)).toEqual([{ status: "expired", code: "EXPIRED" }]);
  });
});

/** Without child processes nothing can be killed, and the job is refused. */
function hardEnd({ processes }: Cell): { status: Job["status"]; code: string } {
  return processes === 0 ? { status: "failed", code: "NOT_SUPPORTED" } : { status: "timeout", code: "TIMEOUT" };
}
