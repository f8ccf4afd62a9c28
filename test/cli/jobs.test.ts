import { describe, expect, test } from "@jest/globals";
import type { Job, JobLogLine } from "@tandemq/core";
import { modes, Site } from "../e2e/support/site.js";
import { waitFor } from "../support/wait-for.js";

const unknownId = "0123456789abcdef01234567";

async function listed(site: Site, ...args: string[]): Promise<string[]> {
  const { stdout } = await site.run(["jobs", "--json", ...args]);
  return (JSON.parse(stdout) as Job[]).map(({ id }) => id);
}

describe("choosing jobs", () => {
  test("by tag, params and time, page by page", async () => {
    await using site = new Site();
    await using client = await site.client();
    const options = { queue: "raw", tags: ["red"] };
    const handles = await client.enqueueMany("e2e.echo", [{ n: 1 }, { n: 2 }, { n: 3 }], options);
    const ids = handles.map(({ id }) => id);
    await client.enqueue("e2e.echo", { n: 1 }, { queue: "raw" });
    expect((await listed(site, "--tag", "red")).sort()).toEqual([...ids].sort());
    expect(await listed(site, "--tag", "red", "--params", '{"n":1}')).toEqual([ids[0]]);
    expect(await listed(site, "--until", "1h")).toEqual([]);
    expect(await listed(site, "--since", "1h")).toHaveLength(4);
    const pages = await Promise.all(["1", "2", "3"].map((page) => listed(site, "--limit", "2", "--page", page)));
    expect(pages.map((page) => page.length)).toEqual([2, 2, 0]);
    expect(new Set(pages.flat()).size).toBe(4);
  });

  test.each([
    [
      ["--since", "soon"],
      '--since: expected how long ago, such as 2h, or a date such as 2026-01-31T12:00Z, got "soon"',
    ],
    [["--limit", "0"], "--limit: expected a whole number from 1 to 10000"],
    [["--limit", "ten"], '--limit: expected a whole number from 1 to 10000, got "ten"'],
    [["--params", "[1]"], "--params: expected a JSON object"],
    [["--queue", "a b"], '"a b" is not a queue name'],
    [["remvoe"], '"remvoe" is not a job id (24 hexadecimal digits); did you mean `tandemq jobs remove`?'],
    [
      ["retry", "--queue", "raw", "--rate", "100", "--yes"],
      '--rate: expected so many in a time, such as 100/1s, got "100"',
    ],
    [["retry", "--queue", "raw", "--rate", "0/1s", "--yes"], "rate.max"],
    [["--watch", "0"], "--watch: expected 0.1 to 3600 seconds"],
  ])("%j is refused", async (args, message) => {
    await using site = new Site();
    const { code, stdout, stderr } = await site.run(["jobs", ...args]);
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toContain(message);
    expect(stderr.trim().split("\n")).toHaveLength(1);
  });
});

test("one that failed is shown with the stack of each run, a frame on each line", async () => {
  await using site = new Site();
  await site.worker("raw");
  await using client = await site.client();
  const backoff = { type: "fixed", delay: 1 } as const;
  const job = await client.enqueue("e2e.throw", { message: "no\nluck" }, { queue: "raw", attempts: 2, backoff });
  await job.finished({ timeout: "1m" });
  const { stdout } = await site.run(["jobs", job.id]);
  expect(stdout).toMatch(/^error {8}RangeError: no luck\n {15}at .*plain\.mjs:\d+/m);
  expect(stdout).toMatch(/^attempt 1 {4}retry, \S+Z – \S+Z, \S+\n {13}RangeError: no luck\n {15}at /m);
});

describe("acting on jobs", () => {
  test.each(modes)("redrive what failed, with a cap, and no faster than told (%s)", async (mode) => {
    await using site = new Site();
    await using client = await site.client();
    await client.enqueueMany("e2e.echo", [{ n: 1 }, { n: 2 }, { n: 3 }, { n: 4 }], { queue: mode });
    for await (const job of client.consume(mode, { wait: 0 })) await job.fail(new Error("no luck"));
    const flags = ["jobs", "retry", "--queue", mode, "--status", "failed", "--yes"];
    const { code, stdout, stderr } = await site.run([...flags, "--max", "2"]);
    expect([code, stdout]).toEqual([0, "2 of 2 jobs back in line\n"]);
    expect(stderr).toBe("tandemq: more jobs match; run the command again for the others\n");
    const slow = site.start([...flags, "--rate", "1/1h"]);
    await waitFor("the next is back", async () => {
      const { queued, failed } = await client.queue(mode).counts();
      return queued > 2 && failed < 2;
    });
    slow.signal("SIGINT");
    await slow.ended;
    expect(await client.queue(mode).counts()).toMatchObject({ queued: 3, failed: 1 });
  });

  test.each(modes)("cancel one, retry it, move and remove all that match (%s)", async (mode) => {
    await using site = new Site();
    await using client = await site.client();
    const [first, second] = await client.enqueueMany("e2e.echo", [{ n: 1 }, { n: 2 }], { queue: mode });
    if (!first || !second) throw new Error("not enqueued");
    const cancelled = await site.run(["jobs", "cancel", first.id]);
    expect(cancelled).toMatchObject({ code: 0, stdout: "1 of 1 job cancelled\n" });
    expect((await first.get()).status).toBe("cancel");
    const retried = await site.run(["jobs", "retry", first.id, "--status", "cancel", "--json"]);
    expect(JSON.parse(retried.stdout)).toMatchObject({ found: 1, done: 1, refused: {} });
    const asked = await site.run(["jobs", "move", "--queue", mode, "--to", `${mode}/other`]);
    expect([asked.code, asked.stdout]).toEqual([1, ""]);
    expect(asked.stderr).toBe("tandemq: nothing was done; without a terminal to ask on, give --yes\n");
    const moved = await site.run(["jobs", "move", "--queue", mode, "--to", `${mode}/other`, "--yes"]);
    expect(moved).toMatchObject({ code: 0, stdout: "2 of 2 jobs moved\n" });
    expect((await client.queue(`${mode}/other`).counts()).queued).toBe(2);
    const removed = await site.run(["jobs", "remove", "--queue", `${mode}/other`, "--yes"]);
    expect(removed).toMatchObject({ code: 0, stdout: "2 of 2 jobs removed\n" });
  });

  test.each(modes)("of one that is named, by what it does: running, over, gone (%s)", async (mode) => {
    await using site = new Site();
    await site.worker(mode);
    await using client = await site.client();
    const { id } = await client.enqueue("e2e.hold", { text: "x", until: site.gate().path }, { queue: mode });
    await waitFor("it runs", async () => (await client.job(id, mode))?.status === "started");
    const left = async (...args: string[]) => (await site.run(["jobs", ...args, id])).stdout;
    expect(await left("edit", "--priority", "3")).toBe("0 of 1 job edited (left alone: 1 started)\n");
    expect(await left("retry")).toBe("0 of 1 job back in line (left alone: 1 started)\n");
    expect(await site.run(["jobs", "cancel", id, unknownId])).toMatchObject({
      code: 1,
      stdout: "1 of 2 jobs cancelled (left alone: 1 missing)\n",
    });
    await waitFor("it is over", async () => (await client.job(id, mode))?.status === "cancel");
    expect(await left("cancel")).toBe("0 of 1 job cancelled (left alone: 1 final)\n");
    expect(await left("retry", "--to", `${mode}/other`)).toBe("1 of 1 job back in line\n");
    expect((await client.queue(`${mode}/other`).counts()).queued).toBe(1);
  });

  test.each(modes)("cancel one with all that it enqueued, which --parent lists (%s)", async (mode) => {
    await using site = new Site();
    await using client = await site.client();
    const root = await client.enqueue("e2e.echo", {}, { queue: mode });
    const child = await client.enqueue("e2e.echo", {}, { queue: mode, parent: root.id });
    const below = await client.enqueue("e2e.echo", {}, { queue: mode, parent: child.id });
    const other = await client.enqueue("e2e.echo", {}, { queue: mode });
    expect(await listed(site, "--parent", root.id)).toEqual([child.id]);
    const { stdout } = await site.run(["jobs", "cancel", root.id, "--children"]);
    expect(stdout).toBe("1 of 1 job cancelled\n");
    for (const { id } of [root, child, below]) expect((await client.job(id, mode))?.status).toBe("cancel");
    expect((await other.get()).status).toBe("queued");
  });

  test.each(modes)("edit one by its id, and all that match (%s)", async (mode) => {
    await using site = new Site();
    await using client = await site.client();
    const [first, second] = await client.enqueueMany("e2e.echo", [{ n: 1 }, { n: 2 }], { queue: mode });
    if (!first || !second) throw new Error("not enqueued");
    const one = await site.run(["jobs", "edit", second.id, "--priority", "5", "--params", '{"n":7}']);
    expect(one).toMatchObject({ code: 0, stdout: "1 of 1 job edited\n" });
    expect(await second.get()).toMatchObject({ priority: 5, params: { n: 7 }, status: "queued" });
    expect(await first.get()).toMatchObject({ priority: 0, params: { n: 1 } });
    for (const [flags, tags] of [
      [
        ["--tags", "a,b"],
        ["a", "b"],
      ],
      [["--tags="], []],
    ] as const) {
      await site.run(["jobs", "edit", second.id, ...flags]);
      expect((await second.get()).tags).toEqual(tags);
    }
    expect((await site.run(["jobs", "edit", "--queue", mode, "--delay", "2h"])).stderr).toContain("give --yes");
    const all = await site.run(["jobs", "edit", "--queue", mode, "--delay", "2h", "--yes", "--json"]);
    expect(JSON.parse(all.stdout)).toMatchObject({ found: 2, done: 2, refused: {} });
    for (const job of [first, second]) expect(Number((await job.get()).due)).toBeGreaterThan(Date.now() + 3_600_000);
  });

  test.each([
    [["--priority", "11"], "--priority: expected a whole number from -10 to 10"],
    [["--params", "[1]"], "--params: expected a JSON object"],
    [["--at", "soon"], "--at: expected how long from now"],
    [[], "jobs edit: say what changes: --params, --priority, --tags, --delay or --at"],
  ])("edit with %j is refused", async (flags, message) => {
    await using site = new Site();
    const { code, stdout, stderr } = await site.run(["jobs", "edit", unknownId, ...flags]);
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toContain(message);
  });

  test("what cannot be done is told by its reason, with exit code 1", async () => {
    await using site = new Site();
    const { code, stdout } = await site.run(["jobs", "cancel", unknownId]);
    expect([code, stdout]).toEqual([1, "0 of 1 job cancelled (left alone: 1 missing)\n"]);
    const { stderr } = await site.run(["jobs", "cancel"]);
    expect(stderr).toBe("tandemq: jobs cancel: name jobs by their ids, or choose them by flags such as --status\n");
    expect((await site.run(["jobs", "remove", unknownId])).stderr).toContain("give --yes");
  });
});

describe("logs", () => {
  test("shows the lines of a job, and follows them to its end", async () => {
    await using site = new Site();
    await site.worker("regular");
    await using client = await site.client();
    const job = await client.enqueue("e2e.log", { lines: ["one", "two"] }, { queue: "regular" });
    const tail = await site.run(["jobs", "logs", job.id, "--follow", "--json"]);
    const lines = tail.stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as JobLogLine);
    expect(lines.map(({ message }) => message)).toEqual(["one", "two"]);
    const { stdout } = await site.run(["jobs", "logs", job.id, "--text", "two"]);
    expect(stdout).toMatch(/^\S+ info {2}two$/m);
    expect(stdout).not.toContain("one");
    const none = await site.run(["jobs", "logs", unknownId]);
    expect(none).toMatchObject({ code: 1, stdout: "" });
    expect(none.stderr).toContain(`no job ${unknownId} is known`);
  });
});

describe("workers", () => {
  test("tells what each process runs, since when", async () => {
    await using site = new Site();
    expect((await site.run(["workers"])).stdout).toBe("no worker is alive\n");
    await site.worker("raw", "--processes", "2", "--concurrency", "3", "--heartbeat", "100ms");
    const gate = site.gate();
    await using client = await site.client();
    const { id } = await client.enqueue("e2e.hold", { text: "x", until: gate.path }, { queue: "raw" });
    const shown = await waitFor("the job and all processes are shown", async () => {
      const { stdout } = await site.run(["workers"]);
      return stdout.includes(id) && stdout.match(/^\d+ +(supervisor|\w+) .* MB /gm)?.length === 3 && stdout;
    });
    expect(shown).toMatch(/running .*1 of 6 slots \(3 x 2\)/);
    expect(shown).toMatch(/e2e\.hold for \d+s \(raw, attempt 1, [0-9a-f]{24}\)/);
    gate.open();
    const queues = await waitFor("the rate is known", async () => {
      const { stdout } = await site.run(["queues", "--json"]);
      const raw = (JSON.parse(stdout) as { queue: string; rate: number }[]).find(({ queue }) => queue === "raw");
      return raw && raw.rate > 0 && raw;
    });
    expect(queues).toMatchObject({ paused: false, mode: "raw", configured: "raw", oldestMs: null });
  });
});

test("--watch shows a view again and again, a line of JSON each in a pipe", async () => {
  await using site = new Site();
  const watching = site.start(["queues", "--watch", "0.1", "--json"]);
  const line = '{"queue":"regular"';
  await waitFor("it was shown three times", async () => watching.said(line) >= 3);
  watching.signal("SIGTERM");
  const { stdout } = await watching.ended;
  const [first = "[]"] = stdout.split("\n");
  expect(JSON.parse(first)).toEqual(expect.arrayContaining([expect.objectContaining({ queue: "raw", paused: false })]));
});
