import { fileURLToPath } from "node:url";
import { expect, test } from "@jest/globals";
import { MongoClient } from "mongodb";
import { createClient } from "tandemq";
import { waitFor } from "../support/wait-for.js";
import { Site } from "./support/site.js";

const folder = fileURLToPath(new URL("../features/transactions", import.meta.url));

test("a child that dies right after its commit has succeeded: no loss is counted, nothing runs twice", async () => {
  await using site = new Site(folder);
  await using client = await createClient(undefined, { cwd: folder, env: site.env });
  await site.worker("--processes", "1", "--concurrency", "2");
  const queue = "regular/dies";
  const job = await client.enqueue("transactions.effect", { fail: "dies after" }, { queue, attempts: 2 });
  expect(await job.result({ timeout: "1m" })).toEqual({ attempt: 1 });
  const next = await client.enqueue("transactions.effect", {}, { queue });
  expect(await next.result({ timeout: "1m" })).toEqual({ attempt: 1 });
  expect(await job.get()).toMatchObject({ status: "success", deliveries: 1, lost: 0, attempt: 1 });
  await using mongo = new MongoClient(site.mongo);
  expect(await mongo.db().collection("effects").countDocuments({ job: job.id })).toBe(1);
});

test("what a producer enqueued before it died in the middle of its relay is relayed by a worker", async () => {
  await using site = new Site(folder);
  await using client = await createClient(undefined, { cwd: folder, env: site.env });
  await using mongo = new MongoClient(site.mongo);
  const session = mongo.startSession();
  session.startTransaction();
  const queue = "raw/orphans";
  await client.enqueueMany("transactions.note", [{ n: 1 }, { n: 2 }], { queue, session });
  await session.commitTransaction();
  // As one whose process is gone: the end of the session, which starts its own relay, never comes.
  await site.worker("--processes", "1");
  await waitFor("a worker relays them", async () => (await client.queue(queue).counts()).success === 2);
  await session.endSession();
});
