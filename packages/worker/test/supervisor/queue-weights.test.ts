import { describe, expect, test } from "@jest/globals";
import type { Claim } from "@tandemq/core";
import { queueOrder, weigh } from "../../src/supervisor/claiming/queue-order.js";

/** What a broker would give of these queues: in order, up to the most that were asked for. */
function serve(line: Map<string, number>, queues: readonly string[], max: number): Claim[] {
  const given: string[] = [];
  for (const queue of queues) {
    const count = Math.min(line.get(queue) ?? 0, max - given.length);
    line.set(queue, (line.get(queue) ?? 0) - count);
    given.push(...Array<string>(count).fill(queue));
  }
  return given.map((queue) => ({ queue }) as Claim);
}

function run(line: Map<string, number>, weights: readonly string[], wanted: number, total: number) {
  const order = queueOrder("weighted", weigh(weights, "weighted"));
  const ran: string[] = [];
  let claims = 0;
  for (; ran.length < total; claims++) {
    const { queues, max } = order.of([...line.keys()], wanted);
    const claimed = serve(line, queues, max);
    order.got(claimed, queues);
    ran.push(...claimed.map(({ queue }) => queue));
  }
  return { ran, claims };
}

/** Fills so many free slots, by as many claims as that takes, from queues that never end; tells how many are whose. */
function filler(weights: readonly string[]): (room: number) => Record<string, number> {
  const order = queueOrder("weighted", weigh(weights, "weighted"));
  const endless = new Map(weights.map((weight) => [weight.split(":")[0] as string, Number.POSITIVE_INFINITY]));
  return (room) => {
    const shares: Record<string, number> = {};
    for (let left = room; left > 0; ) {
      const { queues, max } = order.of([...endless.keys()], left);
      const claimed = serve(endless, queues, max);
      order.got(claimed, queues);
      for (const { queue } of claimed) shares[queue] = (shares[queue] ?? 0) + 1;
      left -= claimed.length;
    }
    return shares;
  };
}

describe("weights of queues", () => {
  test.each([
    [["high:5", "low:1"], 48, { high: 40, low: 8 }],
    [["high:5", "low:1"], 6, { high: 5, low: 1 }],
    [["high:5", "low:2", "last:1"], 16, { high: 10, low: 4, last: 2 }],
    [["high:7", "low:3"], 100, { high: 70, low: 30 }],
  ])("%j: of %d free slots each queue fills exactly its share", (weights, room, shares) => {
    const fill = filler(weights);
    for (let i = 0; i < 20; i++) expect(fill(room)).toEqual(shares);
  });

  test.each([1, 3, 10, 17, 50])("%d slots that cannot be shared out evenly: nobody is ever two jobs off", (room) => {
    const fill = filler(["high:5", "low:2", "last:1"]);
    const had = new Map<string, number>();
    for (let total = room; total <= 40 * room; total += room) {
      for (const [queue, count] of Object.entries(fill(room))) had.set(queue, (had.get(queue) ?? 0) + count);
      for (const [queue, weight] of [
        ["high", 5],
        ["low", 2],
        ["last", 1],
      ] as const)
        expect(Math.abs((had.get(queue) ?? 0) - (total * weight) / 8)).toBeLessThan(2);
    }
  });

  test("a claim takes no more of one queue than is its own, and all where the others are empty", () => {
    const order = queueOrder("weighted", weigh(["high:5", "low:1"], "weighted"));
    expect(order.of(["high", "low"], 24)).toEqual({ queues: ["high", "low"], inOrder: true, max: 20 });
    order.got(Array<Claim>(20).fill({ queue: "high" } as Claim), ["high", "low"]);
    expect(order.of(["high", "low"], 4)).toEqual({ queues: ["low", "high"], inOrder: true, max: 4 });
    order.got(Array<Claim>(4).fill({ queue: "high" } as Claim), ["low", "high"]);
    expect(order.of(["high", "low"], 24).max).toBe(24);
    expect(
      run(
        new Map([
          ["high", 1600],
          ["low", 0],
        ]),
        ["high:5", "low:1"],
        16,
        1600,
      ).claims,
    ).toBeLessThanOrEqual(102);
  });
});
