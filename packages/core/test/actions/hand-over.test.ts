import { expect, test } from "@jest/globals";
import { type DepartAnswer, handOver, isDeparture, MemoryBroker, newJobId } from "../../src/index.js";

const [source, target] = ["source", "target"];

/** Its departures hold for so long, milliseconds: one time each, and the last from then on. */
class Hasty extends MemoryBroker {
  holds: number[] = [];

  override async depart(...args: Parameters<MemoryBroker["depart"]>): Promise<DepartAnswer[]> {
    const [heldFor = 0] = this.holds.length > 1 ? this.holds.splice(0, 1) : this.holds;
    const answers = await super.depart(...args);
    return answers.map((answer) => (isDeparture(answer) ? { ...answer, heldFor } : answer));
  }
}

/** Takes its time until a departure that held for so long holds no more. */
class Slow extends MemoryBroker {
  takes = 0;

  override async receive(...args: Parameters<MemoryBroker["receive"]>) {
    const answers = await super.receive(...args);
    const until = performance.now() + this.takes;
    while (performance.now() < until) await new Promise(setImmediate);
    return answers;
  }
}

async function waiting(broker: MemoryBroker): Promise<{ id: string; queue: string }> {
  const ref = { id: newJobId(), queue: source };
  await broker.enqueue([{ ...ref, path: "a.task", params: "{}", priority: 0, due: { after: 0 } }]);
  return ref;
}

test("a mover whose departures never hold until it is through leaves the job where it is", async () => {
  const [from, to] = [new Hasty(), new Slow()];
  const ref = await waiting(from);
  from.holds = [0];
  expect(await handOver(from, { broker: to, queue: target }, [ref])).toEqual(["started"]);
  expect(await to.get([{ ...ref, queue: target }])).toEqual([undefined]);
  const { claims } = await from.claim({ queues: [source], max: 1, lease: 60_000, worker: "w" });
  expect(claims).toMatchObject([{ id: ref.id }]);
});

test("a mover that was stopped until its departures held no more begins anew", async () => {
  const [from, to] = [new Hasty(), new Slow()];
  const ref = await waiting(from);
  from.holds = [20, 600_000];
  to.takes = 20;
  expect(await handOver(from, { broker: to, queue: target }, [ref])).toEqual(["done"]);
  expect(await from.get([ref])).toEqual([undefined]);
  const { claims } = await to.claim({ queues: [target], max: 2, lease: 60_000, worker: "w" });
  expect(claims).toMatchObject([{ id: ref.id }]);
});
