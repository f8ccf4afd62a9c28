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

describe("weights of queues", () => {
  test.each([1, 6, 10, 16, 100])("hold within the room for %d jobs", (wanted) => {
    const { ran } = run(
      new Map([
        ["high", 1000],
        ["low", 1000],
        ["last", 1000],
      ]),
      ["high:5", "low:2", "last:1"],
      wanted,
      800,
    );
    for (let end = Math.max(8, wanted); end <= 800; end += Math.max(8, wanted)) {
      const high = ran.slice(0, end).filter((queue) => queue === "high").length;
      expect(Math.abs(high - (end * 5) / 8)).toBeLessThanOrEqual(Math.max(4, wanted / 2));
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
