import { describe, expect, test } from "@jest/globals";
import type { Job } from "@tandemq/core";
import { inTime, quickest } from "../support/patience.js";
import { unique } from "../support/unique.js";
import { waitFor } from "../support/wait-for.js";
import { modes, Site } from "./support/site.js";

const flags = ["--concurrency", "5", "--processes", "1"];

describe.each(modes)("a %s queue", (mode) => {
  test("runs what the command enqueues, and the commands show it", async () => {
    await using site = new Site();
    const { stdout, code } = await site.run(["enqueue", "e2e.echo", '{"n":7}', "--queue", mode, "--json"]);
    expect(code).toBe(0);
    const { id, created } = JSON.parse(stdout) as { id: string; created: boolean };
    expect(created).toBe(true);
    await site.worker(mode, ...flags);
    await waitFor("the queues show a success", async () => (await countsOf(site, mode))["success"] === 1);
    const shown = await site.run(["jobs", "--queue", mode, "--json"]);
    const jobs = JSON.parse(shown.stdout) as Job[];
    if (mode === "no-storage") expect(jobs).toEqual([]);
    else expect(jobs).toMatchObject([{ id, status: "success", params: { n: 7 }, result: { n: 7 }, attempt: 1 }]);
  });

  test("priority goes before place in line, and a paused queue hands out nothing", async () => {
    await using site = new Site();
    await using client = await site.client();
    const queue = client.queue(mode);
    await queue.pause();
    for (const [text, priority] of [
      ["first", 0],
      ["low", -3],
      ["second", 0],
      ["high", 9],
    ] as const) {
      await client.enqueue("e2e.note", { text }, { queue: mode, priority });
    }
    await site.worker(mode, "--concurrency", "1", "--processes", "1");
    expect(await queue.isPaused()).toBe(true);
    expect(site.story()).toEqual([]);
    await queue.resume();
    await waitFor("all four ran", async () => site.story().length === 4);
    expect(site.story()).toEqual(["high", "first", "second", "low"]);
  });

  test("a delayed job runs when its time has come, not before, and no later than others need", async () => {
    await using site = new Site();
    await using client = await site.client();
    await site.worker(mode, ...flags);
    const delayed = async () => {
      const text = unique("later");
      const begin = performance.now();
      await client.enqueue("e2e.note", { text }, { queue: mode, delay: 700 });
      await waitFor("it ran", async () => site.story().includes(text));
      const took = performance.now() - begin;
      expect(took).toBeGreaterThanOrEqual(690);
      return took;
    };
    expect(await quickest(5000, delayed)).toBeLessThan(5000);
    await inTime(300, async (delay, passed) => {
      const [later, now] = [unique("later"), unique("now")];
      await client.enqueue("e2e.note", { text: later }, { queue: mode, delay });
      await client.enqueue("e2e.note", { text: now }, { queue: mode });
      await waitFor("the first ran", async () => site.story().includes(now) && site.story());
      passed();
      await waitFor("both ran", async () => site.story().includes(later));
      expect(site.story().slice(-2)).toEqual([now, later]);
    });
  });

  test("attempts are used up one after the other", async () => {
    await using site = new Site();
    await using client = await site.client();
    await site.worker(mode, ...flags);
    const options = { queue: mode, attempts: 3, backoff: { type: "fixed", delay: 20 } } as const;
    await client.enqueue("e2e.flaky", { text: "try" }, options);
    await waitFor("it succeeded", async () => (await client.queue(mode).counts()).success === 1);
    expect(site.story()).toEqual(["try 1/3", "try 2/3", "try 3/3"]);
  });

  test("a failed job is kept with its error", async () => {
    await using site = new Site();
    await using client = await site.client();
    await site.worker(mode, ...flags);
    const { id } = await client.enqueue("e2e.throw", { message: "no luck" }, { queue: mode });
    const job = await waitFor("it failed", async () => (await client.jobs({ queue: mode, status: ["failed"] }))[0]);
    expect(job).toMatchObject({ id, status: "failed", error: { name: "RangeError", message: "no luck" } });
  });

  test.each(["start", "finish"] as const)("a key is free again at the %s", async (until) => {
    await using site = new Site();
    await using client = await site.client();
    const gate = site.gate();
    const enqueue = (text: string) =>
      client.enqueue("e2e.hold", { text, until: gate.path }, { queue: mode, key: { value: "k", until } });
    const first = await enqueue("first");
    expect(await enqueue("while it waits")).toMatchObject({ id: first.id, created: false });
    await site.worker(mode, ...flags);
    await waitFor("it runs", async () => site.story().includes("start first"));
    const during = await enqueue("while it runs");
    expect(during.created).toBe(until === "start");
    gate.open();
    const ends = until === "start" ? 2 : 1;
    await waitFor("what was enqueued is over", async () => (await client.queue(mode).counts()).success === ends);
    expect((await enqueue("after")).created).toBe(true);
    await waitFor("the last is over", async () => (await client.queue(mode).counts()).success === ends + 1);
    expect(site.story().filter((line) => line.startsWith("end"))).toHaveLength(ends + 1);
  });
});

async function countsOf(site: Site, queue: string): Promise<Record<string, number>> {
  const { stdout } = await site.run(["queues", "--json"]);
  const views = JSON.parse(stdout) as { queue: string; counts: Record<string, number> }[];
  return views.find((view) => view.queue === queue)?.counts ?? {};
}
