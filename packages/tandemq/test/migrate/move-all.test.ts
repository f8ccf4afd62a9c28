import { expect, test } from "@jest/globals";
import { MemoryBroker, newJobId } from "@tandemq/core";
import { moveAll } from "../../src/migrate/move-all.js";

const queue = "q";

function job(more: object = {}) {
  return { id: newJobId(), queue, path: "a.task", params: "{}", priority: 0, due: { after: 0 }, ...more };
}

function keyed(n: number) {
  return job({ key: { value: `k${n}`, until: "finish" } });
}

test("what is refused at the head does not keep those behind it", async () => {
  const [from, to] = [new MemoryBroker(), new MemoryBroker()];
  const count = 1500;
  const keys = Array.from({ length: count }, (_, n) => n);
  await to.enqueue(keys.map(keyed));
  await from.enqueue(keys.map(keyed));
  await from.enqueue(Array.from({ length: count }, () => job()));
  expect(await moveAll(from, to, queue)).toEqual({ moved: count, left: { keyTaken: count } });
  expect((await from.counts([queue])).get(queue)?.queued).toBe(count);
});
