import { expect } from "@jest/globals";
import { unique } from "../../support/unique.js";
import { waitFor } from "../../support/wait-for.js";
import { type Cell, type Feature, featureGroup, type Refusal } from "../support/feature.js";

const noResults: Refusal = {
  mode: "no-storage",
  reason: "no-storage queues keep no results",
  shown: async ({ client, queue }) => {
    const job = await client.enqueue("basics.echo", {}, { queue: queue() });
    await expect(job.result()).rejects.toMatchObject({ code: "RESULT_NOT_STORED" });
  },
};

/** The params `n` of all that a queue hands out, in order. */
async function taken({ client }: Cell, queue: string): Promise<unknown[]> {
  const seen: unknown[] = [];
  for await (const job of client.consume<{ n: number }>(queue, { wait: 0 })) {
    seen.push(job.params.n);
    await job.done();
  }
  return seen;
}

const successes = async ({ client }: Cell, queue: string) => (await client.queue(queue).counts()).success;

const declare = (feature: Feature): void => {
  feature("a job runs once and is counted", async (cell) => {
    const queue = cell.queue();
    await cell.client.enqueue("basics.echo", { n: 1 }, { queue });
    await waitFor("it succeeded", async () => (await successes(cell, queue)) === 1);
  });

  feature(
    "the caller waits for the result",
    async ({ client, queue }) => {
      const job = await client.enqueue("basics.echo", { n: 7 }, { queue: queue() });
      expect(await job.result({ timeout: "1m" })).toEqual({ n: 7 });
    },
    [noResults],
  );

  feature("a failed job is kept with its error", async ({ client, queue: name }) => {
    const queue = name();
    await client.enqueue("basics.fails", { message: "no luck" }, { queue });
    const job = await waitFor("it failed", async () => (await client.jobs({ queue, status: ["failed"] }))[0]);
    expect(job.error).toMatchObject({ name: "RangeError", message: "no luck" });
  });

  feature("attempts with a back-off", async (cell) => {
    const queue = cell.queue();
    await cell.client.enqueue("basics.last", {}, { queue, attempts: 3, backoff: { type: "fixed", delay: 10 } });
    await waitFor("it succeeded", async () => (await successes(cell, queue)) === 1);
  });

  feature("options of a task from the configuration", async (cell) => {
    const queue = cell.queue();
    await cell.client.enqueue("basics.configured", {}, { queue });
    await waitFor("it succeeded", async () => (await successes(cell, queue)) === 1);
  });

  feature("priorities: the higher first, within one the first come", async (cell) => {
    const queue = `${cell.mode}-hand/${unique("q")}`;
    for (const [n, priority] of [
      [1, 0],
      [2, -10],
      [3, 0],
      [4, 10],
    ] as const)
      await cell.client.put(queue, { n }, { priority });
    const head = await cell.client.queue(queue).head();
    expect(head.map(({ params }) => params["n"])).toEqual([4, 1, 3, 2]);
    expect(await taken(cell, queue)).toEqual([4, 1, 3, 2]);
    await expect(cell.client.put(queue, {}, { priority: 11 })).rejects.toMatchObject({ code: "INVALID_OPTION" });
  });

  feature("a delay, a time, and a time that has passed", async (cell) => {
    const queue = `${cell.mode}-hand/${unique("q")}`;
    const { client } = cell;
    const at = new Date(Date.now() + 3_600_000);
    const later = [await client.put(queue, { n: 1 }, { delay: "1h" }), await client.put(queue, { n: 2 }, { at })];
    await client.put(queue, { n: 3 });
    await client.put(queue, { n: 4 }, { at: new Date(1000) });
    // A time that has passed means now, and is no way to the front.
    expect(await taken(cell, queue)).toEqual([3, 4]);
    const due = await Promise.all(later.map(async (job) => (await job.get()).due?.getTime() ?? 0));
    expect(due[1]).toBe(at.getTime());
    expect(Math.abs(due[0]! - at.getTime())).toBeLessThan(60_000);
    for (const wrong of [{ delay: -1 }, { delay: "1000000d" }, { at: new Date("soon") }, { at: "2030" as never }])
      await expect(client.put(queue, {}, wrong)).rejects.toMatchObject({ code: "INVALID_OPTION" });
  });

  feature("a delayed job runs by itself when its time has come", async (cell) => {
    const queue = cell.queue();
    await cell.client.enqueue("basics.echo", {}, { queue, delay: 50 });
    await waitFor("it succeeded", async () => (await successes(cell, queue)) === 1);
  });

  feature("tags: jobs are found by all of them", async ({ client, queue: name }) => {
    const queue = name();
    const add = (tags: string[]) => client.enqueue("basics.echo", {}, { queue, tags, delay: "1h" });
    const both = await add(["red", "große Äpfel"]);
    await add(["red"]);
    const found = await client.jobs({ queue, tags: ["große Äpfel", "red"] });
    expect(found).toMatchObject([{ id: both.id, tags: ["red", "große Äpfel"] }]);
    expect(await client.jobs({ queue, tags: ["red"] })).toHaveLength(2);
    expect(await client.jobs({ queue, tags: ["re"] })).toEqual([]);
  });

  feature("a queue is paused and resumed", async (cell) => {
    const queue = `${cell.mode}-hand/${unique("q")}`;
    const handle = cell.client.queue(queue);
    await handle.pause();
    expect(await handle.isPaused()).toBe(true);
    // In a regular queue a pause is obeyed within half a second.
    await waitFor("what comes is not handed out", async () => {
      await cell.client.put(queue, { n: 1 });
      return (await taken(cell, queue)).length === 0;
    });
    expect(await handle.counts()).toMatchObject({ queued: 1, started: 0 });
    await handle.resume();
    await waitFor("it goes on", async () => (await taken(cell, queue)).length === 1);
    expect(await handle.isPaused()).toBe(false);
  });

  feature("a key that is unique until the end of its job", async (cell) => {
    const queue = `${cell.mode}-hand/${unique("q")}`;
    const add = (until: "start" | "finish") => cell.client.put(queue, { until }, { key: { value: until, until } });
    const [, finish] = [await add("start"), await add("finish")];
    const during: boolean[] = [];
    for await (const { params } of cell.client.consume<{ until: "start" | "finish" }>(queue, { max: 2, wait: 0 })) {
      during.push((await add(params.until)).created);
      if (during.length === 2) break;
    }
    expect(during).toEqual([true, false]);
    expect(await finish.cancel()).toBe("done");
    expect((await add("finish")).created).toBe(true);
  });

  feature("a function that is no task, by its module and export", async (cell) => {
    const queue = cell.queue();
    await cell.client.enqueue("tasks/basics#bare", { n: 1 }, { queue });
    await waitFor("it succeeded", async () => (await successes(cell, queue)) === 1);
    const { id } = await cell.client.enqueue("tasks/basics#nothing", {}, { queue });
    const failed = await waitFor("no such export", async () => (await cell.client.deadLetters({ queue }))[0]);
    expect(failed).toMatchObject({ id, error: { code: "TASK_NOT_FOUND" } });
  });

  feature("a unique key", async ({ client, queue: name }) => {
    const queue = name();
    const options = { queue, key: "k", delay: "1h" } as const;
    const first = await client.enqueue("basics.echo", {}, options);
    expect(await client.enqueue("basics.echo", {}, options)).toMatchObject({ id: first.id, created: false });
  });
};

featureGroup("Basics", import.meta.url, declare, ["regular/", "raw/", "no-storage/"]);
