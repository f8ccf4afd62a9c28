import { stripVTControlCharacters } from "node:util";
import { describe, expect, test } from "@jest/globals";
import { Site } from "../e2e/support/site.js";
import { onTerminal } from "./support/on-terminal.js";

describe("on a terminal", () => {
  test("lists are coloured and fit its width; NO_COLOR and pipes have no colour", async () => {
    await using site = new Site();
    await using client = await site.client();
    await client.enqueueMany("e2e.echo", [{ n: 1 }, { n: 2 }], { queue: `raw/${"long".repeat(20)}` });
    const { code, text } = await onTerminal(site, ["jobs"]);
    expect(code).toBe(0);
    expect(text).toContain("\u001b[1m");
    const lines = stripVTControlCharacters(text).trim().split(/\r?\n/);
    expect(lines).toHaveLength(3);
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(100);
    expect(lines[1]).toMatch(/^[0-9a-f]{24} {2}raw\/long.*… {2}e2e\.echo +queued/);
    expect((await onTerminal(site, ["jobs"], { env: { NO_COLOR: "1" } })).text).not.toContain("\u001b");
  });

  test("a dangerous command asks, and does it only for a yes", async () => {
    await using site = new Site();
    await using client = await site.client();
    await client.enqueue("e2e.echo", {}, { queue: "raw" });
    const refused = await onTerminal(site, ["queues", "purge", "raw"], { typed: "n\n" });
    expect(refused.code).toBe(1);
    expect(refused.text).toContain("Delete all waiting jobs of raw? [y/N]");
    expect(refused.text).toContain("nothing was done");
    expect((await client.queue("raw").counts()).queued).toBe(1);
    const done = await onTerminal(site, ["queues", "purge", "raw"], { typed: "y\n" });
    expect([done.code, done.text]).toEqual([0, expect.stringContaining("1 job deleted")]);
  });

  test("the worker shows slots, rate and failures below its log; --plain gives the lines of a pipe", async () => {
    await using site = new Site();
    await using client = await site.client();
    const text = `${site.folder}/never`;
    await client.enqueue("e2e.hold", { text: "x", until: text }, { queue: "raw" });
    await client.enqueue("e2e.throw", { message: "no luck" }, { queue: "raw" });
    const until = / 1 of 4 slots .* 1 failed, /;
    const live = await onTerminal(site, ["worker", "raw", "--drain", "1s", "--concurrency", "4"], { until });
    expect(live.code).toBe(3);
    const screen = stripVTControlCharacters(live.text);
    expect(screen).toMatch(/running +█+░+ 1 of 4 slots {2}[\d.]+\/s {2}0 done, 1 failed, 0 retried/);
    expect(screen).toMatch(/\d\d:\d\d:\d\d info +the worker is ready/);
    expect(screen).not.toContain('{"level"');
    await client.queue("raw").purge();
    await client.enqueue("e2e.echo", {}, { queue: "raw" });
    const plain = await onTerminal(site, ["worker", "raw", "--max-jobs", "1", "--plain"]);
    expect(plain.text).toContain('{"level":30');
    expect(plain.text).not.toContain("slots");
    expect(plain.text).not.toContain("\u001b");
  });
});
