import { describe, expect, test } from "@jest/globals";
import type { Histogram, Job } from "@tandemq/core";
import { modes, Site } from "../e2e/support/site.js";

const jobsOf = async (site: Site, ...args: string[]): Promise<Job[]> =>
  JSON.parse((await site.run(["jobs", "--json", ...args])).stdout) as Job[];

describe("queues show", () => {
  test("draws when the waiting jobs of a queue come due", async () => {
    await using site = new Site();
    await using client = await site.client();
    for (const delay of [0, "1h", "3h", "20h"]) await client.enqueue("e2e.echo", {}, { queue: "raw", delay });
    const flags = ["queues", "show", "raw", "--from", "2h", "--to", "12h", "--slices", "2"];
    const { code, stdout } = await site.run([...flags, "--json"]);
    const { histogram, counts } = JSON.parse(stdout) as { histogram: Histogram; counts: { queued: number } };
    expect([code, counts.queued, histogram.others]).toEqual([0, 4, 1]);
    expect(histogram.slices.map(({ count }) => count)).toEqual([1, 1, 0, 1]);
    expect((await site.run(flags)).stdout).toMatch(/raw {2}raw\n4 queued\n[^]* … in (2h|120m) +1 +█+\n[^]*in line now/);
    const wrong = await site.run(["queues", "show", "raw", "--from", "soon"]);
    expect(wrong).toMatchObject({ code: 1, stderr: expect.stringContaining("how long from now") });
  });
});

describe("enqueue", () => {
  test.each(modes)("one job on a %s queue", async (mode) => {
    await using site = new Site();
    const options = ["--delay", "1h", "--priority", "3", "--attempts", "2"];
    const named = ["--key", "k", "--key-until", "finish", "--key-for", "10m"];
    const answer = await site.run(["enqueue", "e2e.echo", '{"a":1}', "--queue", mode, ...options, ...named]);
    expect(answer).toMatchObject({ code: 0, stderr: "" });
    const id = answer.stdout.trim();
    const [job] = await jobsOf(site, "--queue", mode);
    expect(job).toMatchObject({ id, params: { a: 1 }, status: "queued", priority: 3, settings: { attempts: 2 } });
    expect(job?.key).toEqual({ value: "k", until: "finish", for: 600_000 });
    const again = await site.run(["enqueue", "e2e.echo", "{}", "--queue", mode, "--key", "k", "--json"]);
    expect(JSON.parse(again.stdout)).toEqual({ id, queue: mode, created: false });
  });

  test("a job for each line on standard input", async () => {
    await using site = new Site();
    const lines = Array.from({ length: 2500 }, (_, n) => JSON.stringify({ n })).join("\n");
    const answer = await site.run(["enqueue", "e2e.echo", "--queue", "raw"], `${lines}\n\n`);
    expect(answer).toMatchObject({ code: 0, stdout: "2,500 jobs added\n" });
    await using client = await site.client();
    expect((await client.queue("raw").counts()).queued).toBe(2500);
  });

  test.each([
    [["e2e.echo", "{"], "params: not JSON"],
    [["e2e.echo", "[1]"], "params: expected a JSON object"],
    [["../x#y", "{}"], "is not a task path"],
    [["e2e.echo", "{}"], 'no mode is configured for queue "default"'],
    [["e2e.echo", "{}", "--queue", "raw", "--delay", "soon"], "delay: expected milliseconds or a duration"],
    [["e2e.echo", "{}", "--queue", "raw", "--key-for", "1m"], "--key-for: name the key, too: --key"],
    [["e2e.echo", "{}", "--queue", "raw", "--key", "k", "--key-for", "soon"], "--key-for: expected milliseconds"],
    [["e2e.echo", "{}", "--queue", "raw", "--key", "k", "--key-until", "end"], 'expected "start" or "finish"'],
    [["e2e.echo", "{}", "--queue", "raw", "--priority", "11"], "priority: expected a whole number from -10 to 10"],
  ])("%j is refused", async (args, message) => {
    await using site = new Site();
    const { code, stderr, stdout } = await site.run(["enqueue", ...args]);
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toContain(message);
  });

  test("a line that is wrong is told by its number; those before it are added", async () => {
    await using site = new Site();
    const { code, stderr } = await site.run(["enqueue", "e2e.echo", "--queue", "raw"], '{}\n{"a"\n{}\n');
    expect(code).toBe(1);
    expect(stderr).toMatch(/^tandemq: line 2: not JSON.*; 1 job was added before it\n$/);
    const nul = await site.run(["enqueue", "e2e.echo", "--queue", "raw"], '{}\n\n{"a\\u0000":1}\n{}\n');
    expect(nul.stderr).toMatch(/^tandemq: line 3: .*; 1 job was added before it\n$/);
    await using client = await site.client();
    expect((await client.queue("raw").counts()).queued).toBe(2);
  });

  test("with --keep-going, lines that are wrong are told and left out", async () => {
    await using site = new Site();
    const args = ["enqueue", "e2e.echo", "--queue", "raw", "--keep-going"];
    const answer = await site.run(args, '{}\n[]\n{"a\\u0000":1}\n{"a"\n{}');
    expect(answer).toMatchObject({ code: 1, stdout: "2 jobs added, 3 lines were wrong\n" });
    expect(answer.stderr.match(/line \d/g)).toEqual(expect.arrayContaining(["line 2", "line 3", "line 4"]));
  });

  test("with --wait, the result is printed", async () => {
    await using site = new Site();
    await site.worker("raw");
    const { code, stdout } = await site.run(["enqueue", "e2e.echo", '{"a":1}', "--queue", "raw", "--wait", "1m"]);
    expect([code, JSON.parse(stdout)]).toEqual([0, { a: 1 }]);
  });
});

describe("run", () => {
  test("prints the result as JSON", async () => {
    await using site = new Site();
    const { code, stdout } = await site.run(["run", "e2e.echo", '{"a":[1,null]}']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({ a: [1, null] });
  });

  test("a failure is its error and exit code 1", async () => {
    await using site = new Site();
    const { code, stdout, stderr } = await site.run(["run", "e2e.throw", '{"message":"no luck"}']);
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toContain("e2e.throw ended as failed: RangeError: no luck");
  });

  test("a path that is none is told what is near", async () => {
    await using site = new Site();
    const { code, stderr } = await site.run(["run", "e2e.ecko", "{}"]);
    expect(code).toBe(1);
    expect(stderr).toContain('did you mean "e2e.echo"?');
  });
});

describe("jobs", () => {
  test("lists what matches, and shows one", async () => {
    await using site = new Site();
    await using client = await site.client();
    const first = await client.enqueue("e2e.echo", { n: 1 }, { queue: "raw" });
    const second = await client.enqueue("e2e.note", { text: "x" }, { queue: "regular", delay: "1h" });
    expect((await jobsOf(site)).map(({ id }) => id).sort()).toEqual([first.id, second.id].sort());
    expect((await jobsOf(site, "--path", "e2e.note")).map(({ id }) => id)).toEqual([second.id]);
    expect(await jobsOf(site, "--status", "failed")).toEqual([]);
    const table = await site.run(["jobs", "--queue", "raw"]);
    expect(table.stdout.split("\n")[0]).toMatch(/^id +queue +path +status/);
    expect(table.stdout).toContain(first.id);
    expect(table.stdout).not.toContain("\u001b");
    const shown = await site.run(["jobs", second.id]);
    expect(shown.stdout).toMatch(/^path +e2e\.note$/m);
    expect(JSON.parse((await site.run(["jobs", first.id, "--json"])).stdout)).toMatchObject({ params: { n: 1 } });
  });

  test.each([
    [["jobs", "0123456789abcdef01234567"], "no job 0123456789abcdef01234567 is known"],
    [["jobs", "--status", "done"], "done is not a status"],
  ])("%j", async (args, message) => {
    await using site = new Site();
    const { code, stderr } = await site.run(args);
    expect(code).toBe(1);
    expect(stderr).toContain(message);
  });
});

describe("queues", () => {
  test("lists modes and counts; pauses, resumes and purges", async () => {
    await using site = new Site();
    await using client = await site.client();
    await client.enqueueMany("e2e.echo", [{}, {}, {}], { queue: "raw" });
    const list = await site.run(["queues"]);
    expect(list.stdout).toMatch(/^raw +raw +3/m);
    expect(list.stdout).toMatch(/^no-storage +no-storage +0/m);
    expect((await site.run(["queues", "pause", "raw"])).stdout).toBe("raw is paused\n");
    const views = JSON.parse((await site.run(["queues", "--json"])).stdout) as { queue: string; paused: boolean }[];
    expect(views.filter(({ paused }) => paused).map(({ queue }) => queue)).toEqual(["raw"]);
    expect((await site.run(["queues", "resume", "raw"])).stdout).toBe("raw goes on\n");
    const refused = await site.run(["queues", "purge", "raw"]);
    expect([refused.code, refused.stdout]).toEqual([1, ""]);
    expect(refused.stderr).toContain("--yes");
    expect((await site.run(["queues", "purge", "raw", "--yes"])).stdout).toBe("3 jobs deleted\n");
    expect((await client.queue("raw").counts()).queued).toBe(0);
  });

  test("a tree is shown, and so is its pause at each of its queues; one act takes its jobs", async () => {
    await using site = new Site();
    await using client = await site.client();
    for (const queue of ["raw/a", "regular/a", "raw/b/c"]) await client.enqueue("e2e.echo", {}, { queue });
    await site.run(["queues", "pause", "raw/"]);
    const list = await site.run(["queues"]);
    expect(list.stdout).toMatch(/^raw\/a +raw +1 .* paused with raw\/$/m);
    expect(list.stdout).not.toMatch(/^regular.*paused/m);
    const views = JSON.parse((await site.run(["queues", "--json"])).stdout) as {
      queue: string;
      pausedBy: string | null;
    }[];
    expect(views.filter(({ pausedBy }) => pausedBy === "raw/").map(({ queue }) => queue)).toEqual(["raw/a", "raw/b/c"]);
    expect((await site.run(["queues", "show", "raw/a"])).stdout).toContain("raw/a  raw  paused with raw/\n1 queued\n");
    expect((await site.run(["queues", "show", "raw/"])).stdout).toBe(
      "raw/  2 queues  paused\n2 queued\n\n  raw/a\n  raw/b/c\n",
    );
    const purge = await site.run(["queues", "purge", "raw/", "--yes"]);
    expect([purge.code, purge.stderr]).toEqual([
      1,
      'tandemq: queues: "raw/" is a tree of queues: name one of the queues in it\n',
    ]);
    expect((await site.run(["jobs", "remove", "--queue", "raw/", "--yes"])).stdout).toBe("2 of 2 jobs removed\n");
    const rest = await site.run(["queues", "purge", "regular/a", "--yes", "--json"]);
    expect(JSON.parse(rest.stdout)).toEqual({ queue: "regular/a", deleted: 1 });
  });

  test("one that is recorded otherwise is told, and leaves the others to be seen", async () => {
    await using site = new Site();
    await using client = await site.client();
    await client.enqueue("e2e.echo", {}, { queue: "raw" });
    const other = await site.run(["queues", "--config", "other.config.mjs"]);
    expect(other.code).toBe(1);
    expect(other.stderr).toMatch(/queue "raw" is "raw" .* configured as "no-storage".*tandemq queues forget raw/);
    expect(other.stdout).toMatch(/^hits +no-storage/m);
    expect(other.stdout).toMatch(/^raw +raw +1 .* configured as no-storage$/m);
  });

  test("the record of an empty queue can be forgotten, and the next use settles it anew", async () => {
    await using site = new Site();
    await using client = await site.client();
    await client.enqueue("e2e.echo", {}, { queue: "raw" });
    await client.queue("raw").purge();
    const asked = await site.run(["queues", "forget", "raw"]);
    expect([asked.code, asked.stdout]).toEqual([1, ""]);
    expect((await site.run(["queues", "forget", "raw", "--yes"])).code).toBe(0);
    const other = await site.run(["queues", "--config", "other.config.mjs"]);
    expect([other.code, other.stderr]).toEqual([0, ""]);
    expect(other.stdout).toMatch(/^raw +no-storage/m);
  });
});

test("a reader that goes away ends the command quietly", async () => {
  await using site = new Site();
  await using client = await site.client();
  await client.enqueueMany("e2e.echo", Array(500).fill({ text: "x".repeat(2000) }), { queue: "raw" });
  const command = site.start(["jobs", "--json", "--limit", "500"]);
  command.write();
  command.hangUp();
  expect(await command.ended).toMatchObject({ code: 141, stderr: "" });
});
