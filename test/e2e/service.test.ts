import { describe, expect, test } from "@jest/globals";
import { waitFor } from "../support/wait-for.js";
import { modes, Site } from "./support/site.js";

describe("a service, with a worker in processes of its own", () => {
  test.each(["regular", "raw"] as const)("%s: results of one and of many jobs", async (mode) => {
    await using site = new Site();
    await using client = await site.client();
    await site.worker(mode, "--concurrency", "20", "--processes", "2");
    const one = await client.enqueue("e2e.echo", { deep: [{ a: null, ä: "✓" }] }, { queue: mode });
    expect(await one.result({ timeout: "1m" })).toEqual({ deep: [{ a: null, ä: "✓" }] });
    const many = await client.enqueueMany(
      "e2e.echo",
      Array.from({ length: 500 }, (_, n) => ({ n })),
      { queue: mode },
    );
    const results = await Promise.all(many.map((job) => job.result({ timeout: "1m" })));
    expect(results).toEqual(Array.from({ length: 500 }, (_, n) => ({ n })));
    expect(new Set(many.map(({ id }) => id)).size).toBe(500);
  });

  test.each(["regular", "raw"] as const)("%s: a failed job's result is its error", async (mode) => {
    await using site = new Site();
    await using client = await site.client();
    await site.worker(mode);
    const job = await client.enqueue("e2e.throw", { message: "no luck" }, { queue: mode });
    await expect(job.result({ timeout: "1m" })).rejects.toMatchObject({
      code: "JOB_FAILED",
      status: "failed",
      jobError: { name: "RangeError", message: "no luck" },
    });
  });

  test.each(["regular", "raw"] as const)("%s: jobs by filter", async (mode) => {
    await using site = new Site();
    await using client = await site.client();
    await site.worker(mode);
    const good = await client.enqueue("e2e.echo", { n: 1 }, { queue: mode });
    const bad = await client.enqueue("e2e.throw", { message: "x" }, { queue: mode });
    await Promise.all([good.finished({ timeout: "1m" }), bad.finished({ timeout: "1m" })]);
    const ids = async (filter: object) => (await client.jobs({ queue: mode, ...filter })).map(({ id }) => id);
    expect(new Set(await ids({}))).toEqual(new Set([good.id, bad.id]));
    expect(await ids({ status: ["failed"] })).toEqual([bad.id]);
    expect(await ids({ path: "e2e.echo" })).toEqual([good.id]);
    expect(await ids({ ids: [bad.id] })).toEqual([bad.id]);
    expect(await ids({ status: ["queued", "started"] })).toEqual([]);
    expect(await client.jobs({ limit: 1 })).toHaveLength(1);
    expect(await client.job(good.id)).toMatchObject({ id: good.id, queue: mode, result: { n: 1 } });
  });

  test.each(modes)("%s: counts, head, purge while the queue is paused", async (mode) => {
    await using site = new Site();
    await using client = await site.client();
    const queue = client.queue(mode);
    expect(await queue.mode()).toBe(mode);
    await queue.pause();
    await site.worker(mode);
    const jobs = await client.enqueueMany("e2e.note", [{ text: "a" }, { text: "b" }, { text: "c" }], { queue: mode });
    await client.enqueue("e2e.note", { text: "late" }, { queue: mode, delay: "1h" });
    expect(await queue.counts()).toMatchObject({ queued: 4, started: 0, success: 0 });
    expect((await queue.head(2)).map(({ id }) => id)).toEqual(jobs.slice(0, 2).map(({ id }) => id));
    expect((await queue.head(1))[0]).toMatchObject({ path: "e2e.note", params: { text: "a" }, status: "queued" });
    expect(await queue.purge()).toBe(4);
    expect(await queue.counts()).toMatchObject({ queued: 0 });
    await queue.resume();
    await client.enqueue("e2e.note", { text: "after" }, { queue: mode });
    await waitFor("the next job ran", async () => site.story().length > 0);
    expect(site.story()).toEqual(["after"]);
  });

  test("a no-storage queue says at once that it keeps no results", async () => {
    await using site = new Site();
    await using client = await site.client();
    const job = await client.enqueue("e2e.echo", {}, { queue: "no-storage" });
    await expect(job.result()).rejects.toMatchObject({
      code: "RESULT_NOT_STORED",
      message: expect.stringContaining('"raw"'),
    });
  });

  test("a queue that only a pattern names", async () => {
    await using site = new Site();
    await using client = await site.client();
    await site.worker();
    const handles = await Promise.all(
      modes.map((mode) => client.enqueue("e2e.note", { text: mode }, { queue: `${mode}/sub` })),
    );
    expect(handles.map(({ queue }) => queue)).toEqual(modes.map((mode) => `${mode}/sub`));
    await waitFor("all ran", async () => site.story().length === modes.length);
    const queues = await Promise.all((await client.queues()).map(async (queue) => [queue.name, await queue.mode()]));
    expect(queues).toEqual(expect.arrayContaining(modes.map((mode) => [`${mode}/sub`, mode])));
  });
});
