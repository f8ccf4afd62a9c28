import { expect, test } from "@jest/globals";
import { MemoryBroker, newJobId } from "../../src/index.js";
import { requeueTo } from "../../src/actions/requeue-to.js";

const [source, target] = ["source", "target"];

async function dead(broker: MemoryBroker): Promise<string> {
  const id = newJobId();
  await broker.enqueue([{ id, queue: source, path: "a.task", params: "{}", priority: 0, due: { after: 0 } }]);
  const { claims } = await broker.claim({ queues: [source], max: 1, lease: 60_000, worker: "w" });
  const outcome = { status: "failed", error: { name: "Error", message: "dead" } } as const;
  await broker.settle(claims.map(({ token }) => ({ id, queue: source, token, outcome })));
  return id;
}

/** A broker to which somebody else does something as soon as it has received jobs. */
class Late extends MemoryBroker {
  act: () => Promise<unknown> = async () => undefined;

  override async receive(...args: Parameters<MemoryBroker["receive"]>) {
    const answers = await super.receive(...args);
    const { act } = this;
    this.act = async () => undefined;
    await act();
    return answers;
  }
}

test("a dead job that another requeued meanwhile is not deleted, and its copy goes", async () => {
  const [from, to] = [new MemoryBroker(), new Late()];
  const id = await dead(from);
  const there = { broker: to, queue: target };
  to.act = async () => {
    expect(await requeueTo(from, there, [{ id, queue: source }])).toEqual(["started"]);
    expect(await from.requeue([{ id, queue: source }])).toEqual(["done"]);
  };
  expect(await requeueTo(from, there, [{ id, queue: source }])).toEqual(["waiting"]);
  expect(await to.get([{ id, queue: target }])).toEqual([undefined]);
  expect(await from.get([{ id, queue: source }])).toMatchObject([{ status: "queued", generation: 2 }]);
});
