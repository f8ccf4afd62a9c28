import { devNull } from "node:os";
import type { UserConfig } from "tandemq";
import { loadConfig } from "tandemq";
import { expect } from "@jest/globals";
import { waitFor } from "../../support/wait-for.js";
import { type Cell, featureGroup, type Refusal } from "../support/feature.js";
import { Notes } from "./notes.js";

/** Regular queues have no kinds: their configuration is refused. */
const onlyInRedis = (kind: string): Refusal => ({
  mode: "regular",
  reason: `a regular queue is ordered by MongoDB; make it raw to have kind ${kind}`,
  shown: async () => {
    const queues = { q: { mode: "regular", kind } } as UserConfig["queues"];
    const config = { mongo: "mongodb://127.0.0.1/x", redis: "redis://127.0.0.1", queues } as UserConfig;
    await expect(loadConfig({ config, env: {} })).rejects.toThrow(`make the queue "raw" to have "${kind}"`);
  },
});

/** Other queues have a document of every job: to choose some of them is refused. */
function keepsAll(mode: "regular" | "raw"): Refusal {
  return {
    mode,
    reason: `a ${mode} queue keeps all that is over`,
    shown: async ({ client, queue: name }) => {
      const queues: UserConfig["queues"] = { q: { mode, store: ["success"] } };
      const config = { mongo: "mongodb://127.0.0.1/x", redis: "redis://127.0.0.1", queues };
      await expect(loadConfig({ config, env: {} })).rejects.toThrow("only no-storage queues");
      const queue = name();
      const job = await client.enqueue("queueing.note", { file: devNull, text: "kept" }, { queue });
      expect(await job.result({ timeout: "1m" })).toEqual({ text: "kept" });
    },
  };
}

/** Processes of one file run side by side: only where there is one slot at a time is the order of lines that of claims. */
async function inOrder(notes: Notes, count: number, { client }: Cell): Promise<string[]> {
  const lines = await notes.wait(count);
  expect((await client.queue(notes.queue).counts()).queued).toBe(0);
  return [...lines].sort();
}

featureGroup("Queueing", import.meta.url, (feature) => {
  feature("startBy: a job that was not started in time expires", async (cell) => {
    const notes = new Notes(cell);
    await notes.whilePaused(async () => {
      await notes.add("late", { startBy: new Date(1000) });
      await notes.add("in time", { startBy: "1h" });
    });
    expect(await notes.wait(1)).toEqual(["in time"]);
    const filter = { queue: notes.queue, status: ["expired" as const] };
    const [job] = await waitFor("it expired", async () => (await cell.client.jobs(filter)).slice(0, 1));
    expect(job?.error).toMatchObject({ code: "EXPIRED" });
    await waitFor("it is counted", async () => (await cell.client.queue(notes.queue).counts()).expired === 1);
  });

  feature("onDuplicate: replace and extend", async (cell) => {
    const notes = new Notes(cell);
    const first = await notes.add("a", { key: "k", delay: "1h" });
    const again = await notes.add("b", { key: "k", delay: "1h", onDuplicate: "extend" });
    expect(again).toMatchObject({ id: first.id, created: false, outcome: "extended" });
    const last = await notes.add("c", { key: "k", onDuplicate: "replace" });
    expect(last).toMatchObject({ id: first.id, created: false, outcome: "replaced" });
    expect(await notes.wait(1)).toEqual(["c"]);
  });

  feature("a unique key for a time: taken while the job waits, runs and is over", async (cell) => {
    const notes = new Notes(cell);
    const asked = { key: { value: "k", for: "1h" } };
    const first = await notes.add("a", asked);
    await notes.wait(1);
    await waitFor("it is over", async () => {
      const { queued, started } = await cell.client.queue(notes.queue).counts();
      return queued + started === 0;
    });
    for (const onDuplicate of ["keep", "replace", "extend"] as const) {
      const kept = await notes.add("b", { ...asked, onDuplicate });
      expect(kept).toMatchObject({ id: first.id, created: false, outcome: "kept" });
    }
    const short = { key: { value: "k2", for: 1 } };
    const { id } = await notes.add("b", short);
    const next = await waitFor("the time is over", async () => {
      const handle = await notes.add("b", short);
      return handle.id === id ? undefined : handle;
    });
    expect(next.outcome).toBe("created");
    expect((await notes.wait(3)).slice(0, 3)).toEqual(["a", "b", "b"]);
  });

  feature("debounce: one run, with the last call's params; throttle: one run, with the first's", async (cell) => {
    const [last, first] = [new Notes(cell), new Notes(cell)];
    for (const text of ["a", "b", "c"]) {
      await last.add(text, { key: "k", delay: "1h", onDuplicate: "replace" });
      await first.add(text, { key: "k", delay: "1h" });
    }
    for (const { queue } of [last, first]) {
      expect(await cell.client.jobs({ queue })).toHaveLength(1);
      await cell.client.action("edit", { queue }, { delay: 0 }).result();
    }
    expect([await last.wait(1), await first.wait(1)]).toEqual([["c"], ["a"]]);
  });

  feature(
    "a no-storage queue that keeps its successes",
    async (cell) => {
      const notes = new Notes(cell, "stored-");
      const job = await notes.add("kept");
      expect(await job.result({ timeout: "1m" })).toEqual({ text: "kept" });
      const kept = await cell.client.job(job.id, notes.queue);
      expect(kept).toMatchObject({
        status: "success",
        attempt: 1,
        startedAt: expect.any(Date),
        worker: expect.any(String),
      });
    },
    [keepsAll("regular"), keepsAll("raw")],
  );

  feature("a histogram of due times, with open ends", async (cell) => {
    const notes = new Notes(cell);
    for (const delay of ["1h", "2h", "30h"]) await notes.add("later", { delay });
    const hours = (n: number) => new Date(Date.now() + n * 3_600_000);
    const queue = cell.client.queue(notes.queue);
    const { by, slices, others } = await queue.histogram({ from: hours(0.5), to: hours(24), slices: 1 });
    expect([by, others, ...slices.map(({ count }) => count)]).toEqual(["due", 0, 0, 2, 1]);
    const wrong = { from: hours(2), to: hours(1) };
    await expect(queue.histogram(wrong)).rejects.toMatchObject({ code: "INVALID_OPTION" });
  });

  feature("LIFO: the last job first", async (cell) => {
    const notes = new Notes(cell, "lifo-");
    await notes.whilePaused(async () => {
      await notes.add("a");
      await notes.add("b");
      // A pause of a regular queue is obeyed within half a second: there the order is shown by the contract of brokers.
      const head = cell.mode === "regular" ? [] : await cell.client.queue(notes.queue).head();
      if (cell.mode !== "regular") expect(head.map(({ params }) => params["text"])).toEqual(["b", "a"]);
    });
    expect(await inOrder(notes, 2, cell)).toEqual(["a", "b"]);
  });

  feature(
    "a set: one job for the same params",
    async (cell) => {
      const notes = new Notes(cell, "set-");
      await notes.whilePaused(async () => {
        expect((await notes.add("a")).created).toBe(true);
        expect((await notes.add("a")).outcome).toBe("kept");
        expect((await notes.add("b")).created).toBe(true);
        const edit = cell.client.action("edit", { queue: notes.queue }, { params: { file: notes.file, text: "b" } });
        expect(await edit.result()).toMatchObject({ done: 0, refused: { knownByParams: 2 } });
      });
      expect(await inOrder(notes, 2, cell)).toEqual(["a", "b"]);
    },
    [onlyInRedis("set")],
  );

  feature(
    "a sorted queue: the lowest score first",
    async (cell) => {
      const notes = new Notes(cell, "sorted-");
      await notes.whilePaused(async () => {
        await notes.add("second", { score: 2 });
        await notes.add("first", { score: -1 });
        const head = await cell.client.queue(notes.queue).head();
        expect(head.map(({ params }) => params["text"])).toEqual(["first", "second"]);
      });
      await expect(notes.add("none")).rejects.toThrow("give the job's score");
      const edit = cell.client.action("edit", { queue: notes.queue }, { priority: 1 }).result();
      await expect(edit).rejects.toThrow("whose order is the caller's score");
      expect(await inOrder(notes, 2, cell)).toEqual(["first", "second"]);
    },
    [onlyInRedis("sorted")],
  );

  feature(
    "a timed queue: an entry moves, runs again by the task's word, and goes",
    async (cell) => {
      const notes = new Notes(cell, "timed-");
      const first = await notes.add("never", { key: "k", delay: "1h" });
      const options = { queue: notes.queue, key: "k" };
      const forTime = notes.add("never", { key: { value: "k", for: "1h" } });
      await expect(forTime).rejects.toThrow("adding an entry again moves it");
      const moved = await cell.client.enqueue("queueing.again", { file: notes.file, times: 3 }, options);
      expect(moved).toMatchObject({ id: first.id, outcome: "replaced" });
      expect(await notes.wait(3)).toEqual(["run", "run", "run"]);
      await waitFor("it went", async () => {
        const { queued, started } = await cell.client.queue(notes.queue).counts();
        return queued + started === 0;
      });
    },
    [onlyInRedis("timed")],
  );

  feature(
    "a timed queue that never empties",
    async (cell) => {
      const notes = new Notes(cell, "again-");
      const { id } = await notes.add("a");
      await notes.wait(1);
      const job = await waitFor("it waits again", async () => {
        const found = await cell.client.job(id, notes.queue);
        return found?.status === "queued" && found;
      });
      expect(job).toMatchObject({ generation: 2, attempt: 0 });
      expect(job.due?.getTime()).toBeGreaterThan(Date.now() + 3_000_000);
      expect((await notes.add("a", { delay: "2h" })).outcome).toBe("replaced");
    },
    [onlyInRedis("timed")],
  );

  feature("job.again is refused where no entry stays", async ({ client, queue: name }) => {
    const queue = name();
    await client.enqueue("queueing.stays", {}, { queue });
    const job = await waitFor("it failed", async () => (await client.jobs({ queue, status: ["failed"] }))[0]);
    expect(job.error).toMatchObject({ code: "NOT_SUPPORTED" });
  });

  feature(
    "members: bare texts that become jobs",
    async (cell) => {
      const notes = new Notes(cell, "members-");
      const members = ["a", "b"].map((text) => JSON.stringify({ file: notes.file, text }));
      const added = await cell.client.enqueueMembers(notes.queue, [...members, "not JSON"]);
      expect(added).toEqual({ taken: 3, created: 3, duplicates: 0, refused: 0, refusals: [] });
      expect([...(await notes.wait(2))].sort()).toEqual(["a", "b"]);
      const filter = { queue: notes.queue, status: ["failed" as const] };
      const aside = await waitFor("one is set aside", async () => (await cell.client.jobs(filter))[0]);
      expect(aside.params).toEqual({ member: "not JSON" });
      expect(aside.error?.message).toContain("cannot be turned into a job");
    },
    [
      {
        mode: "regular",
        reason: "members are kept in Redis alone",
        shown: async ({ client, queue }) => {
          await expect(client.enqueueMembers(queue(), ["a"])).rejects.toMatchObject({ code: "NOT_SUPPORTED" });
        },
      },
    ],
  );

  feature("a stream of jobs, with progress and exact refusals", async (cell) => {
    const notes = new Notes(cell);
    async function* source() {
      for (let i = 0; i < 5; i++)
        yield i === 3 ? { file: notes.file, text: Number.NaN } : { file: notes.file, text: `${i}` };
    }
    const seen: number[] = [];
    const options = { queue: notes.queue, onProgress: ({ taken }: { taken: number }) => seen.push(taken) };
    const done = await cell.client.enqueueAll("queueing.note", source(), options);
    expect(done).toMatchObject({ taken: 5, created: 4, duplicates: 0, refused: 1 });
    expect(done.refusals).toMatchObject([{ index: 3, error: { code: "INVALID_PARAMS" } }]);
    expect(seen.at(-1)).toBe(5);
    expect([...(await notes.wait(4))].sort()).toEqual(["0", "1", "2", "4"]);
  });
});
