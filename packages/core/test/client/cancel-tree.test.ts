import { expect, test } from "@jest/globals";
import { Client, createMemoryDeployment, settlementOf } from "@tandemq/core";

test("a tree is cancelled generation by generation, whatever the number of its jobs", async () => {
  const queues = { a: "regular", b: "raw", c: "no-storage" } as const;
  const deployment = createMemoryDeployment({ queues });
  const client = new Client(deployment);
  let looks = 0;
  for (const { broker } of await deployment.look(Object.keys(queues))) {
    const find = broker.find.bind(broker);
    broker.find = (filter) => {
      looks++;
      return find(filter);
    };
  }
  const root = await client.enqueue("t", {}, { queue: "a" });
  const list = Array.from({ length: 1200 }, (_, n) => ({ n }));
  const children = await client.enqueueMany("t", list, (_, i) => ({ queue: "abc"[i % 3] as string, parent: root.id }));
  const below = await client.enqueueMany("t", list, (_, i) => ({ queue: "b", parent: children[i]?.id ?? "" }));
  const other = await client.enqueue("t", {}, { queue: "b" });
  looks = 0;
  expect(await client.cancel(root.id, { children: true })).toBe("done");
  // Three queues: two looks for the children, and for 500 of them at a time, two for theirs and two for those below.
  expect(looks).toBeLessThanOrEqual(3 * 2 * (1 + 3 + 3 * 3));
  const counts = await Promise.all(Object.keys(queues).map((queue) => client.queue(queue).counts()));
  expect(counts.reduce((sum, { cancel }) => sum + cancel, 0)).toBe(1 + children.length + below.length);
  expect((await other.get())?.status).toBe("queued");
});

test("what a job that is over has enqueued is cancelled with the tree", async () => {
  const deployment = createMemoryDeployment({ queues: { a: "regular" } });
  const client = new Client(deployment);
  const root = await client.enqueue("t", {}, { queue: "a" });
  const child = await client.enqueue("t", {}, { queue: "a", parent: root.id });
  const { broker } = await deployment.route("a");
  const { claims } = await broker.claim({ queues: ["a"], max: 2, lease: 60_000, worker: "w" });
  await broker.settle(claims.map((claim) => settlementOf(claim, { status: "success" })));
  const below = await client.enqueue("t", {}, { queue: "a", parent: child.id });
  expect(await client.cancel(root.id, { children: true })).toBe("final");
  expect((await below.get())?.status).toBe("cancel");
  expect((await child.get())?.status).toBe("success");
});
