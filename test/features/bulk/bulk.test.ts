import { expect } from "@jest/globals";
import type { QueueMode } from "@tandemq/core";
import { modes } from "../../e2e/support/site.js";
import { unique } from "../../support/unique.js";
import { waitFor } from "../../support/wait-for.js";
import { type Cell, featureGroup } from "../support/feature.js";

const list = Array.from({ length: 12 }, (_, n) => ({ n, good: true, odd: n % 2 === 1 }));
const successes = async ({ client }: Cell, queue: string) => (await client.queue(queue).counts()).success;
const waiting = async ({ client }: Cell, queue: string) => (await client.queue(queue).counts()).queued;
const handQueue = ({ mode }: Cell) => `${mode}-hand/${unique("q")}`;
const other = (mode: QueueMode) => modes[(modes.indexOf(mode) + 1) % modes.length] ?? mode;

/** Jobs that wait for an hour. */
async function delayed({ client, queue }: Cell): Promise<string> {
  const name = queue();
  await client.enqueueMany("bulk.echo", list, { queue: name, delay: "1h", tags: ["b"] });
  return name;
}

featureGroup(
  "Bulk actions and consumers",
  import.meta.url,
  (feature) => {
    feature("cancel all that match", async (cell) => {
      const queue = await delayed(cell);
      const filter = { queue, params: { odd: true }, tags: ["b"] };
      expect(await cell.client.action("cancel", filter).result()).toMatchObject({ found: 6, done: 6, refused: {} });
      expect(await waiting(cell, queue)).toBe(6);
    });

    feature("list and cancel all that match in a tree of queues", async (cell) => {
      const tree = `${cell.queue()}/`;
      for (const queue of [`${tree}a`, `${tree}b/c`])
        await cell.client.enqueueMany("bulk.echo", list, { queue, delay: "1h" });
      const beside = await delayed(cell);
      const filter = { queue: tree, params: { odd: true } };
      expect(await cell.client.jobs(filter)).toHaveLength(12);
      expect(await cell.client.action("cancel", filter).result()).toMatchObject({ found: 12, done: 12, refused: {} });
      expect((await cell.client.queue(`${tree}b/c`).counts()).queued).toBe(6);
      expect(await waiting(cell, beside)).toBe(12);
    });

    feature("remove all that match, with a cap", async (cell) => {
      const queue = await delayed(cell);
      const report = await cell.client.action("remove", { queue }, { max: 10 }).result();
      expect(report).toMatchObject({ found: 10, done: 10, capped: true });
      expect(await waiting(cell, queue)).toBe(2);
    });

    feature("edit all that match: params, and due now", async (cell) => {
      const queue = await delayed(cell);
      const filter = { queue, params: { n: 3 } };
      await cell.client.action("edit", filter, { params: { n: 33 }, priority: 2, delay: 0 }).result();
      await waitFor("the edited one has run", async () => (await successes(cell, queue)) === 1);
    });

    feature("edit all that match: tags, by which they are found then", async (cell) => {
      const queue = await delayed(cell);
      const filter = { queue, tags: ["b"], params: { odd: true } };
      expect(await cell.client.action("edit", filter, { tags: ["urgent"] }).result()).toMatchObject({ done: 6 });
      expect(await cell.client.jobs({ queue, tags: ["urgent"] })).toHaveLength(6);
      expect(await cell.client.jobs({ queue, tags: ["b"] })).toHaveLength(6);
    });

    feature("move all that match to another queue", async (cell) => {
      const queue = await delayed(cell);
      const to = cell.queue();
      expect(await cell.client.action("move", { queue }, { to }).result()).toMatchObject({ done: 12 });
      expect([await waiting(cell, queue), await waiting(cell, to)]).toEqual([0, 12]);
    });

    feature("move all that match to a queue of another mode", async (cell) => {
      const queue = handQueue(cell);
      await cell.client.enqueueMany("bulk.echo", list, { queue });
      const to = `${other(cell.mode)}/${unique("q")}`;
      expect(await cell.client.action("move", { queue }, { to }).result()).toMatchObject({ done: 12, refused: {} });
      await waitFor("they have run there", async () => (await successes(cell, to)) === 12);
      expect(await cell.client.jobs({ queue })).toEqual([]);
    });

    feature("a job that moves to another mode stays the same job, and runs on there", async (cell) => {
      const key = { value: "k", until: "finish" as const };
      for (const mode of modes.filter((one) => one !== cell.mode)) {
        const [queue, to] = [handQueue(cell), `${mode}-hand/${unique("q")}`];
        const handle = await cell.client.enqueue("bulk.echo", { n: 1 }, { queue, key, tags: ["b"] });
        const { id } = handle;
        for await (const job of cell.client.consume(queue)) {
          await job.retry({ delay: 0 });
          break;
        }
        expect(await cell.client.action("move", { queue }, { to }).result()).toMatchObject({ done: 1, refused: {} });
        expect(await cell.client.job(id, queue)).toBeUndefined();
        expect(await handle.get()).toMatchObject({ id, queue: to });
        const ended = cell.mode === "no-storage" ? undefined : handle.finished();
        const moved = { id, status: "retry", key, tags: ["b"], attempt: 1, deliveries: 1, lost: 0 };
        expect(await cell.client.jobs({ queue: to })).toMatchObject([{ ...moved, history: [{ attempt: 1 }] }]);
        for await (const job of cell.client.consume(to)) {
          expect(job.claim).toMatchObject({ id, attempt: 2, key });
          expect(await job.fail(new Error("enough"))).toBe(true);
          break;
        }
        expect(await cell.client.job(id, to)).toMatchObject({
          status: "failed",
          attempt: 2,
          history: [{ attempt: 1 }],
        });
        if (ended) expect(await ended).toMatchObject({ id, queue: to, status: "failed" });
      }
    });

    feature("redrive what failed, by its error, into a queue of another mode", async (cell) => {
      const queue = cell.queue();
      await cell.client.enqueueMany("bulk.picky", [{ good: false }, { good: false }], { queue });
      await waitFor("both failed", async () => (await cell.client.jobs({ queue, status: ["failed"] })).length === 2);
      const to = `${other(cell.mode)}-hand/${unique("q")}`;
      const filter = { queue, error: { name: "RangeError", text: "no good" } };
      const rate = { max: 1, per: 10 };
      expect(await cell.client.action("requeue", filter, { to, rate }).result()).toMatchObject({ found: 2, done: 2 });
      expect(await waiting(cell, to)).toBe(2);
      expect(await cell.client.jobs({ queue })).toEqual([]);
    });

    feature("a redrive takes keys along, and reports those that are taken", async (cell) => {
      for (const mode of [cell.mode, other(cell.mode)]) {
        const [queue, to] = [handQueue(cell), `${mode}-hand/${unique("q")}`];
        const add = (key: string, where: string) =>
          cell.client.enqueue("bulk.echo", { n: 1 }, { queue: where, key: { value: key, until: "finish" } });
        for (const key of ["a", "b"]) await add(key, queue);
        await cell.client.action("cancel", { queue }).result();
        await add("a", to);
        const report = await cell.client.action("requeue", { queue, status: ["cancel"] }, { to }).result();
        expect(report).toMatchObject({ found: 2, done: 1, refused: { keyTaken: 1 } });
        expect(await cell.client.jobs({ queue })).toMatchObject([{ status: "cancel", key: { value: "a" } }]);
        expect(await waiting(cell, to)).toBe(2);
        expect((await add("b", to)).created).toBe(false);
      }
    });

    feature("consume by hand", async (cell) => {
      const queue = handQueue(cell);
      for (const n of [1, 2, 3]) await cell.client.put(queue, { n });
      const seen: unknown[] = [];
      for await (const job of cell.client.consume<{ n: number }>(queue, { max: 2, wait: "1m" })) {
        seen.push(job.params.n);
        if (job.params.n === 2) expect(await job.fail(new Error("not this one"))).toBe(true);
        else expect(await job.done()).toBe(true);
        if (seen.length === 3) break;
      }
      expect(seen).toEqual([1, 2, 3]);
      expect(await cell.client.queue(queue).counts()).toMatchObject({ queued: 0, started: 0, success: 2, failed: 1 });
    });

    feature("a consumer that leaves gives back", async (cell) => {
      const queue = handQueue(cell);
      await cell.client.put(queue, { n: 1 });
      for await (const _ of cell.client.consume(queue)) break;
      expect(await cell.client.jobs({ queue })).toMatchObject([{ status: "interrupt", attempt: 0, lost: 0 }]);
    });
  },
  ["regular/", "raw/", "no-storage/"],
);
