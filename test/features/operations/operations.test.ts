import { expect } from "@jest/globals";
import type { Client, QueueMode, WhyReason } from "@tandemq/core";
import { Redis } from "ioredis";
import { MongoClient, ObjectId } from "mongodb";
import type { Site } from "../../e2e/support/site.js";
import { waitFor } from "../../support/wait-for.js";
import { featureGroup } from "../support/feature.js";

const first = async (client: Client, id: string, queue: string): Promise<WhyReason | undefined> =>
  (await client.why(id, queue)).reasons[0];

/** Another program ends a job without freeing its key. */
async function endBehindOurBack({ mongo, collection }: Site, id: string): Promise<void> {
  await using admin = new MongoClient(mongo);
  const change = { $set: { status: "cancel" }, $unset: { due: 1 } };
  await admin
    .db()
    .collection(collection)
    .updateOne({ _id: ObjectId.createFromHexString(id) }, change);
}

/** Redis loses an entry, but not its key. */
async function loseEntry({ redis, name }: Site, queue: string, id: string): Promise<void> {
  const admin = new Redis(redis);
  await admin.hdel(`${name}:{${queue}}:body`, id);
  await admin.zrem(`${name}:{${queue}}:due`, id);
  admin.disconnect();
}

async function isFree(site: Site, mode: QueueMode, queue: string, id: string): Promise<boolean> {
  if (mode === "regular") {
    await using admin = new MongoClient(site.mongo);
    const job = await admin
      .db()
      .collection(site.collection)
      .findOne({ _id: ObjectId.createFromHexString(id) });
    return job?.["held"] === undefined;
  }
  const admin = new Redis(site.redis);
  const owner = await admin.hget(`${site.name}:{${queue}}:keys`, "k");
  admin.disconnect();
  return owner === null;
}

/** Everything that the stores hold of a queue's jobs, as text. */
async function atRest(site: Site, queue: string): Promise<string> {
  const admin = new Redis(site.redis);
  const entries = await admin.hvals(`${site.name}:{${queue}}:body`);
  admin.disconnect();
  await using mongo = new MongoClient(site.mongo);
  const documents = await mongo.db().collection(site.collection).find({ queue }).toArray();
  return JSON.stringify([entries, documents]);
}

featureGroup(
  "Operations",
  import.meta.url,
  (feature) => {
    feature("why a job does not run: paused, not due, unknown task", async ({ client, queue: name }) => {
      const queue = name();
      await client.queue(queue).pause();
      const { id } = await client.enqueue("operations.nobody", {}, { queue, delay: "1h" });
      const { reasons } = await client.why(id, queue);
      expect(reasons.map(({ reason }) => reason)).toEqual(["paused", "not due", "unknown task"]);
    });

    feature(
      "why a job does not run: it runs, where and since when",
      async ({ site, client, queue: name, processes }) => {
        const queue = name();
        const gate = site.gate();
        const { id } = await client.enqueue("operations.held", { gate: gate.path }, { queue });
        const reason = await waitFor("its worker tells of it", async () => {
          const found = await first(client, id, queue);
          return found?.reason === "running" && found.pid !== undefined && found;
        });
        expect(reason).toMatchObject({ worker: expect.any(String), since: expect.any(Date) });
        expect((reason as { pid: number }).pid > 0).toBe(processes > 0);
        gate.open();
        await waitFor("it is over", async () => (await client.queue(queue).counts()).success === 1);
      },
    );
    feature("finished jobs are kept as long as the configuration says", async ({ client, queue: name }) => {
      const queue = name();
      await client.enqueue("operations.fails", {}, { queue });
      const job = await waitFor("it failed", async () => (await client.jobs({ queue, status: ["failed"] }))[0]);
      const kept = Number(job.deleteAt) - Number(job.finishedAt);
      expect(Math.abs(kept - 3_600_000)).toBeLessThan(60_000);
    });

    feature("workers tidy the stores: a unique key without a living job is freed", async (cell) => {
      const { client, mode, queue: name, site } = cell;
      const queue = name();
      const { id } = await client.enqueue("operations.echo", {}, { queue, key: "k", delay: "1h" });
      await (mode === "regular" ? endBehindOurBack(site, id) : loseEntry(site, queue, id));
      await waitFor("the key is free", () => isFree(site, mode, queue, id));
      expect(await client.enqueue("operations.echo", {}, { queue, key: "k", delay: "1h" })).toMatchObject({
        created: true,
      });
    });

    feature("params and results are encoded at rest", async (cell) => {
      const { client, mode, queue: name, site } = cell;
      const queue = name();
      const params = { secret: "open sesame" };
      const waits = await client.enqueue("operations.echo", params, { queue, delay: "1h" });
      const runs = await client.enqueue("operations.echo", params, { queue });
      await waitFor("it ran", async () => (await client.queue(queue).counts()).success === 1);
      const job = await client.job(waits.id, queue);
      expect(job?.params).toEqual(params);
      if (mode !== "no-storage") expect(await runs.result()).toEqual(params);
      const kept = await atRest(site, queue);
      expect(kept).toContain("emases nepo");
      expect(kept).not.toContain(params.secret);
    });

    feature("secrets are left out of errors, logs and what is shown", async ({ client, queue: name, worker }) => {
      const queue = name();
      await client.enqueue("operations.charge", { card: "4111-2222" }, { queue });
      const job = await waitFor("it failed", async () => (await client.jobs({ queue, status: ["failed"] }))[0]);
      expect(job.error?.message).toBe("[redacted] was refused");
      expect(job.error?.stack).not.toContain("4111-2222");
      await waitFor("the worker logs it", async () => worker.says("charging [redacted]"));
      expect(worker.says("4111-2222")).toBe(false);
    });
  },
  ["--heartbeat", "1s", "--maintenance", "100ms"],
);
