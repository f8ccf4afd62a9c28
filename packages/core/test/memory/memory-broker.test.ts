import { expect, test } from "@jest/globals";
import { MemoryBroker, newJobId, type Settlement } from "@tandemq/core";

const job = () => ({ id: newJobId(), queue: "q", path: "t", params: "{}", priority: 0, due: { after: 0 } });
const request = { queues: ["q"], max: 10, lease: 30_000, worker: "w" };

test("time is the injected clock's", async () => {
  let now = 1000;
  const broker = new MemoryBroker({ now: () => now });
  await broker.enqueue([{ ...job(), due: { after: 500 } }]);
  expect((await broker.claim(request)).claims).toEqual([]);
  now = 1500;
  expect((await broker.claim(request)).claims).toMatchObject([{ claimedAt: 1500, queuedAt: 1000, deliveries: 1 }]);
  now += 29_999;
  expect((await broker.claim(request)).claims).toEqual([]);
  now += 1;
  expect((await broker.claim(request)).claims).toMatchObject([{ deliveries: 2, lost: 1 }]);
});

test("a refused settlement changes nothing, and the delivery can be settled otherwise", async () => {
  const refuse = ({ outcome }: Settlement) => (outcome.status === "success" ? new Error("too large") : undefined);
  const broker = new MemoryBroker({ refuse });
  await broker.enqueue([job()]);
  const [claim] = (await broker.claim(request)).claims;
  if (!claim) throw new Error("nothing to claim");
  expect(await broker.settle([{ ...claim, outcome: { status: "success" } }])).toEqual([
    { state: "refused", error: new Error("too large") },
  ]);
  expect((await broker.get([claim]))[0]).toMatchObject({ status: "started", token: claim.token });
  expect(await broker.settle([{ ...claim, outcome: { status: "interrupt" } }])).toEqual([{ state: "settled" }]);
});

test("params that are not a JSON object are refused, alone", async () => {
  const broker = new MemoryBroker();
  const answers = await broker.enqueue([job(), { ...job(), params: "[1]" }, { ...job(), params: "{" }, job()]);
  expect(answers.map(({ state }) => state)).toEqual(["enqueued", "refused", "refused", "enqueued"]);
});

test("claimOnly hands out no others", async () => {
  const broker = new MemoryBroker();
  const [a, b] = [job(), job()];
  await broker.enqueue([a, b]);
  expect((await broker.claimOnly(request, [b.id])).claims).toMatchObject([{ id: b.id }]);
});

test("close ends the waits that are under way", async () => {
  const broker = new MemoryBroker();
  const wait = broker.waitForWork(["q"], { timeout: 60_000 });
  await broker.close();
  await broker.close();
  await wait;
});
