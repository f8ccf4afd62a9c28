import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import type { QueueKind, QueueMode } from "@tandemq/core";
import { type Client, createClient } from "tandemq";
import { Site } from "../e2e/support/site.js";

/** An installation whose queue `mail` has the mode that the configuration says at the moment. */
class Office implements AsyncDisposable {
  readonly #folder: string = mkdtempSync(join(tmpdir(), "tandemq-migrate-"));
  readonly site: Site = new Site(this.#folder);

  configure(mode: QueueMode, kind: QueueKind = "fifo"): void {
    writeFileSync(join(this.#folder, "tandemq.config.json"), JSON.stringify({ queues: { mail: { mode, kind } } }));
  }

  client(): Promise<Client> {
    return createClient(undefined, { cwd: this.#folder, env: this.site.env });
  }

  migrate(...flags: string[]) {
    return this.site.run(["queues", "migrate", "mail", "--yes", ...flags]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.site[Symbol.asyncDispose]();
    rmSync(this.#folder, { recursive: true });
  }
}

const directions: [QueueMode, QueueMode][] = [
  ["regular", "raw"],
  ["raw", "regular"],
  ["regular", "no-storage"],
  ["no-storage", "regular"],
  ["raw", "no-storage"],
  ["no-storage", "raw"],
];

describe("queues migrate", () => {
  test.each(directions)("from %s to %s: waiting jobs keep id, key, order and due time", async (from, to) => {
    await using office = new Office();
    office.configure(from);
    await using before = await office.client();
    const handles = await before.enqueueMany("mail.send", [{ n: 1 }, { n: 2 }], { queue: "mail" });
    const later = await before.enqueue("mail.send", { n: 3 }, { queue: "mail", delay: "1h", key: "k", tags: ["t"] });
    const due = (await later.get()).due?.getTime() ?? 0;
    office.configure(to);
    const moved = from === "regular" || to === "regular" ? 3 : 0;
    const told = moved > 0 ? "3 jobs moved" : "what waits stays in its place";
    const answer = await office.migrate();
    expect(answer).toMatchObject({ code: 0, stdout: `mail was ${from} and is ${to} now: ${told}\n` });
    await using after = await office.client();
    const mail = after.queue("mail");
    expect([await mail.mode(), await mail.isPaused(), (await mail.counts()).queued]).toEqual([to, false, 3]);
    expect((await mail.head(3)).map(({ id }) => id)).toEqual([...handles, later].map(({ id }) => id));
    expect(Math.abs(((await after.job(later.id))?.due?.getTime() ?? 0) - due)).toBeLessThan(60_000);
    expect(await after.enqueue("mail.send", {}, { queue: "mail", key: "k" })).toMatchObject({
      id: later.id,
      created: false,
    });
    expect(await after.jobs({ queue: "mail", tags: ["t"] })).toMatchObject([{ id: later.id, params: { n: 3 } }]);
    await expect(before.enqueue("mail.send", {}, { queue: "mail" })).resolves.toMatchObject({ created: true });
    const again = await office.migrate("--json");
    expect(JSON.parse(again.stdout)).toEqual({ from: to, to, moved: moved > 0 ? 1 : 0, left: {} });
    expect((await mail.counts()).queued).toBe(4);
  });

  test.each(["set", "sorted", "timed"] as const)(
    "a %s queue goes from raw to no-storage with its scores, times and keys, and not to regular",
    async (kind) => {
      await using office = new Office();
      office.configure("raw", kind);
      await using raw = await office.client();
      const options = { queue: "mail", ...(kind === "timed" ? { delay: "1h" as const } : {}) };
      const own = (n: number) => (kind === "sorted" ? { score: 10 - n } : { key: `k${n}` });
      for (const n of [1, 2, 3]) await raw.enqueue("mail.send", { n }, { ...options, ...own(n) });
      const before = await raw.queue("mail").head(3);
      office.configure("no-storage", kind);
      expect((await office.migrate()).stdout).toBe(
        "mail was raw and is no-storage now: what waits stays in its place\n",
      );
      await using fast = await office.client();
      expect(await fast.queue("mail").head(3)).toEqual(before);
      if (kind !== "sorted") {
        const met = await fast.enqueue("mail.send", { n: 2 }, { ...options, key: "k2", onDuplicate: "keep" });
        expect([met.created, before.map(({ id }) => id).includes(met.id)]).toEqual([false, true]);
      }
      const refused = await office.migrate("--to", "regular");
      expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining(`is of kind ${kind}`)]);
    },
  );

  test("a job that ran before stays the same job; one that runs is waited for", async () => {
    await using office = new Office();
    office.configure("raw");
    await using client = await office.client();
    const job = await client.enqueue("mail.send", { n: 1 }, { queue: "mail" });
    await job.cancel();
    await client.requeue([job]);
    const running = client.consume("mail", { max: 1 })[Symbol.asyncIterator]();
    const first = await running.next();
    office.configure("regular");
    const refused = await office.migrate("--timeout", "10ms");
    expect(refused).toMatchObject({ code: 1, stdout: "" });
    expect(refused.stderr).toContain('queue "mail" has 1 job that still runs after 10 ms: nothing was changed');
    expect([await client.queue("mail").mode(), await client.queue("mail").isPaused()]).toEqual(["raw", false]);
    if (!first.done) await first.value.retry({ delay: "1h" });
    await running.return?.();
    expect((await office.migrate()).stdout).toBe("mail was raw and is regular now: 1 job moved\n");
    await using after = await office.client();
    const [moved] = await after.jobs({ queue: "mail" });
    expect(moved).toMatchObject({ id: job.id, status: "retry", params: { n: 1 }, generation: 2, attempt: 1 });
    expect(moved?.history).toMatchObject([{ attempt: 1, status: "retry" }]);
  });
});
