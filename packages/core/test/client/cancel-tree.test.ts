import { expect, test } from "@jest/globals";
import { Client, createMemoryDeployment } from "@tandemq/core";

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
  // Three queues: one look for the children, and for 500 of them at a time, one for theirs and one for those below.
  expect(looks).toBeLessThanOrEqual(3 * (1 + 3 + 3 * 3));
  const counts = await Promise.all(Object.keys(queues).map((queue) => client.queue(queue).counts()));
  expect(counts.reduce((sum, { cancel }) => sum + cancel, 0)).toBe(1 + children.length + below.length);
  expect((await other.get())?.status).toBe("queued");
});
