import { expect, test } from "@jest/globals";
import { redisServer } from "./support/redis-server.js";
import { claim, newJob, stage, success } from "./support/stage.js";
import { waitFor } from "../../../test/support/wait-for.js";

/** A cluster of one node refuses scripts and commands whose keys do not stand in one slot, as a large one does. */
test("every operation uses keys of one slot at a time", async () => {
  await using server = await redisServer("--cluster-enabled", "yes");
  await server.start();
  await using s = stage({ countFinished: true, keepFailures: true }, { options: { path: server.path } });
  await s.admin.cluster("ADDSLOTS", ...Array.from({ length: 16_384 }, (_, slot) => slot));
  await waitFor("the cluster is up", async () => String(await s.admin.cluster("INFO")).includes("cluster_state:ok"));
  await s.broker.start();
  const jobs = [newJob(), newJob({ key: { value: "k", until: "start" } }), newJob({ due: { after: 1 } }), newJob()];
  await s.broker.enqueue(jobs);
  await s.broker.edit([{ queue: "q", id: jobs[3]?.id ?? "" }], { queue: "other", priority: 2 });
  await s.broker.pause("q");
  expect(await claim(s.broker)).toEqual([]);
  await s.broker.resume("q");
  const claims = await waitFor("all of them are due", async () => {
    const found = await s.broker.claim({ queues: ["q", "other"], max: 10, lease: 30_000, worker: "worker" });
    await s.broker.extend(found.claims, 30_000);
    return (await s.broker.counts(["q"])).get("q")?.started === 3 && (await s.broker.find({ status: ["started"] }));
  });
  expect(claims).toHaveLength(4);
  const error = { name: "Error", message: "boom" };
  const holds = claims.map(({ id, queue, token = "" }) => ({ id, queue, token }));
  await s.broker.settle(holds.map((hold) => ({ ...hold, outcome: { status: "failed", error } })));
  expect(await s.broker.requeue(holds)).toEqual(["done", "done", "done", "done"]);
  const again = await claim(s.broker);
  await s.broker.settle(again.map((one) => ({ ...success(one), outcome: { status: "retry", delay: 60_000 } })));
  expect(await s.broker.cancel([again[0] as never])).toEqual(["done"]);
  expect(await s.broker.remove([again[0] as never])).toEqual(["done"]);
  expect(await s.broker.purge("q")).toBe(2);
});
