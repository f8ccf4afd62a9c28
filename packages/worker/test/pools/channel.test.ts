import { describe, expect, test } from "@jest/globals";
import type { Claim, FailureOutcome, Source } from "@tandemq/core";
import { Gate, closeGate } from "../../src/child/gate.js";
import { JobLine } from "../../src/child/job-line.js";
import { readJobs } from "../../src/child/read-jobs.js";
import type { Delivery } from "../../src/delivery.js";
import { assignmentHead } from "../../src/executor/assignment.js";
import { FrameReader } from "../../src/pools/frames.js";
import { Hand } from "../../src/pools/hand.js";
import type { ToChild, WireGroup } from "../../src/pools/messages.js";
import { encodeJobs } from "../../src/pools/wire-batch.js";

const plain = { name: "no-storage" } as Source;
const completing = { name: "regular", completes: true } as Source;
const ruled = { name: "raw", settingsOf: () => ({ attempts: 3 }) } as unknown as Source;

function delivery(n: number, claim: Partial<Claim> = {}, more: Partial<Delivery> = {}): Delivery {
  const common = { id: `id${n}`, path: "p", queue: "q", attempt: 1, deliveries: 1, lost: 0, generation: 1 };
  const whole = { ...common, params: `{"n":${n}}`, settings: {}, token: `t${n}`, ...claim } as Claim;
  return { n, place: 0, claim: whole, source: plain, since: 0, state: "running", ...more };
}

function wired(deliveries: readonly Delivery[]): { groups: readonly WireGroup[]; body: string } {
  const [frame] = [...new FrameReader().push(encodeJobs(deliveries))];
  if (!frame) throw new Error("no frame came out");
  const { groups } = frame.head as Extract<ToChild, { t: "run" }>;
  return { groups, body: frame.body };
}

describe("jobs on their way to a child", () => {
  const failure: FailureOutcome = { status: "failed", error: { name: "E", message: "m" } };
  const mixed = [
    delivery(1),
    delivery(2, { params: `{"text":"é𝒳"}` }),
    delivery(3, { path: "other" }),
    delivery(4, { attempt: 2 }),
    delivery(5, { deliveries: 2 }),
    delivery(6, { queue: "q2" }),
    delivery(7, { settings: { attempts: 2 } }),
    delivery(8, { settings: { attempts: 3 } }),
    delivery(9, { generation: 2 }),
    delivery(10, { parent: "aaa" }),
    delivery(11, { meta: { a: 1 } as never }),
    delivery(12, { timed: true }),
    delivery(13, {}, { source: completing }),
    delivery(14, {}, { source: completing }),
    delivery(15, {}, { source: ruled }),
    delivery(16, {}, { failure }),
    delivery(17),
  ];

  test("arrive as they were, in their order, whatever their neighbours are", () => {
    const { groups, body } = wired(mixed);
    const sent = mixed.map((one) => ({ ...assignmentHead(one), params: one.claim.params }));
    expect(readJobs(groups, body)).toEqual(JSON.parse(JSON.stringify(sent)));
  });

  test("say once what they have in common", () => {
    expect(wired([1, 2, 3].map((n) => delivery(n))).groups).toHaveLength(1);
    expect(wired([1, 2, 3].map((n) => delivery(n, {}, { source: completing }))).groups).toHaveLength(1);
    expect(wired(mixed).groups).toHaveLength(mixed.length - 2);
  });
});

describe("the gate between what begins and what is taken back", () => {
  test("lets nothing pass once it is closed, and tells what has passed", () => {
    const cell = new Int32Array(new SharedArrayBuffer(4));
    const gate = new Gate(cell);
    expect([gate.pass(), gate.pass()]).toEqual([true, true]);
    expect(closeGate(cell)).toBe(2);
    expect([gate.pass(), closeGate(cell)]).toEqual([false, 2]);
    gate.open();
    expect([gate.pass(), closeGate(cell)]).toEqual([true, 3]);
  });
});

describe("the hand of a child", () => {
  const some = (...ns: number[]) => ns.map((n) => delivery(n));

  test("has room beyond its slots only just after jobs have ended", () => {
    let now = 1000;
    const hand = new Hand(3, () => now);
    expect(hand.room).toBe(3);
    hand.add(some(1, 2, 3));
    expect([hand.room, hand.free, hand.waiting]).toEqual([0, 0, 0]);
    hand.noteEnded(1);
    expect(hand.room).toBe(4);
    hand.noteEnded(50);
    expect(hand.room).toBe(100);
    hand.add(some(4, 5));
    expect([hand.room, hand.free, hand.waiting, hand.busy]).toEqual([98, -2, 2, 3]);
    now += 10;
    expect(hand.room).toBe(0);
  });

  test("knows which jobs may have begun: the first, in the order of sending", () => {
    const hand = new Hand(2);
    hand.add(some(9, 3, 7, 1));
    hand.take(9);
    const { running, waiting } = hand.split();
    expect([running, waiting].map((list) => list.map(({ n }) => n))).toEqual([[3, 7], [1]]);
  });

  test("takes back what was sent and has not begun, and nothing else", () => {
    const hand = new Hand(2);
    hand.add(some(1, 2, 3, 4, 5));
    hand.take(2);
    expect(hand.withdraw(3).map(({ n }) => n)).toEqual([4, 5]);
    expect([hand.has(1), hand.has(3), hand.size]).toEqual([true, true, 2]);
    hand.add(some(6));
    expect(hand.withdraw(3).map(({ n }) => n)).toEqual([6]);
    expect(hand.withdraw(3)).toEqual([]);
  });
});

test("a line keeps the order of what was added while some have left it", () => {
  const line = new JobLine();
  const named = (n: number) => ({ n }) as never;
  line.add([named(1), named(2)]);
  expect(line.take()?.n).toBe(1);
  line.add([named(3)]);
  expect([line.size, line.has(1), line.has(3)]).toEqual([2, false, true]);
  expect([line.take()?.n, line.take()?.n, line.size]).toEqual([2, 3, 0]);
  expect(line.take()).toBeUndefined();
});
