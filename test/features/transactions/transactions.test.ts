import { expect } from "@jest/globals";
import { type ClientSession, MongoClient } from "mongodb";
import { waitFor } from "../../support/wait-for.js";
import { type Cell, featureGroup, type Refusal } from "../support/feature.js";

const backoff = { type: "fixed", delay: 0 } as const;

async function inTransaction(cell: Cell, work: (session: ClientSession, mongo: MongoClient) => Promise<unknown>) {
  await using mongo = new MongoClient(cell.site.mongo);
  await mongo.withSession(async (session) => {
    await session.withTransaction(async () => {
      if ((await work(session, mongo)) === "rolls back") await session.abortTransaction();
    });
  });
}

async function effectsOf({ site }: Cell, job: string): Promise<number> {
  await using mongo = new MongoClient(site.mongo);
  return await mongo.db().collection("effects").countDocuments({ job });
}

const notRegular = (mode: "raw" | "no-storage"): Refusal => ({
  mode,
  reason: "only jobs of regular queues end in MongoDB alone",
  shown: async ({ client, queue: name }) => {
    const queue = name();
    const { id } = await client.enqueue("transactions.effect", {}, { queue });
    const [job] = await waitFor("it is refused", async () => {
      const failed = await client.jobs({ queue, status: ["failed"] });
      return failed.length === 1 && failed;
    });
    expect(job).toMatchObject({ id, error: { code: "NOT_SUPPORTED", message: expect.stringContaining("regular") } });
  },
});
const refused = [notRegular("raw"), notRegular("no-storage")];

featureGroup("Transactions", import.meta.url, (feature) => {
  feature("enqueue within a transaction: what commits runs, once", async (cell) => {
    const queue = cell.queue();
    await cell.client
      .queue(queue)
      .counts()
      .catch(() => undefined);
    await inTransaction(cell, async (session, mongo) => {
      await mongo.db().collection("orders").insertOne({ queue }, { session });
      await cell.client.enqueue("transactions.note", { n: 1 }, { queue, session });
      await cell.client.enqueueMany("transactions.note", [{ n: 2 }, { n: 3 }], { queue, session });
    });
    await waitFor("all have run", async () => (await cell.client.queue(queue).counts()).success === 3);
  });

  feature("enqueue within a transaction: a LIFO queue", async (cell) => {
    const queue = cell.queue().replace("/", "/lifo-");
    await inTransaction(cell, (session) => cell.client.enqueue("transactions.note", { n: 1 }, { queue, session }));
    await waitFor("it has run", async () => (await cell.client.queue(queue).counts()).success === 1);
  });

  feature("enqueue within a transaction: what rolls back leaves nothing", async (cell) => {
    const queue = cell.queue();
    await inTransaction(cell, async (session) => {
      await cell.client.enqueue("transactions.note", { n: 1 }, { queue, session, key: "k" });
      return "rolls back";
    });
    const next = await cell.client.enqueue("transactions.note", { n: 2 }, { queue, key: "k" });
    expect(next.created).toBe(true);
    // A raw job is a success by its document a moment before its entry leaves the queue.
    await waitFor("it alone has run", async () => {
      const { success, queued, started } = await cell.client.queue(queue).counts();
      return success === 1 && queued + started === 0;
    });
  });

  feature(
    "a task's effects and its success in one commit",
    async (cell) => {
      const job = await cell.client.enqueue("transactions.effect", {}, { queue: cell.queue() });
      expect(await job.result({ timeout: "1m" })).toEqual({ attempt: 1 });
      expect(await effectsOf(cell, job.id)).toBe(1);
    },
    refused,
  );

  for (const fail of ["throws", "rolls back"]) {
    feature(
      `a task whose transaction ${fail} has no effect, and runs again`,
      async (cell) => {
        const options = { queue: cell.queue(), attempts: 2, backoff };
        const job = await cell.client.enqueue("transactions.effect", { fail }, options);
        expect(await job.result({ timeout: "1m" })).toEqual({ attempt: 2 });
        expect(await effectsOf(cell, job.id)).toBe(1);
      },
      refused,
    );
  }

  feature(
    "a task that fails after its commit has succeeded",
    async (cell) => {
      const options = { queue: cell.queue(), attempts: 2, backoff };
      const job = await cell.client.enqueue("transactions.effect", { fail: "throws after" }, options);
      expect(await job.result({ timeout: "1m" })).toEqual({ attempt: 1 });
      expect(await effectsOf(cell, job.id)).toBe(1);
    },
    refused,
  );
});
