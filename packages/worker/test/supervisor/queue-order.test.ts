import { describe, expect, test } from "@jest/globals";
import { type Claim, createMemoryDeployment } from "@tandemq/core";
import { createWorker } from "@tandemq/worker";
import { queueOrder, weigh } from "../../src/supervisor/claiming/queue-order.js";
import { tasks } from "../harness.js";

const claims = (queue: string, count: number) => Array.from({ length: count }, () => ({ queue }) as Claim);

describe("the order of queues", () => {
  test("strict is as listed, trees at their place", () => {
    const order = queueOrder("strict", weigh(["b", "crawl/", "a"], "strict"));
    expect(order.of(["a", "crawl/x", "b", "crawl/y"], 10)).toEqual({
      queues: ["b", "crawl/x", "crawl/y", "a"],
      inOrder: true,
      max: 10,
    });
  });

  test("weighted gives in proportion, whatever one claim takes", () => {
    const order = queueOrder("weighted", weigh(["high:5", "low:1"], "weighted"));
    const had = { high: 0, low: 0 };
    for (let i = 0; i < 600; i++) {
      const plan = order.of(["high", "low"], 3);
      const first = plan.queues[0] as "high" | "low";
      const count = 1 + (i % 3);
      had[first] += count;
      order.got(claims(first, count), plan.queues);
    }
    expect(had.high / had.low).toBeGreaterThan(4.8);
    expect(had.high / had.low).toBeLessThan(5.2);
  });

  test("weighted: a queue that had nothing saves up nothing", () => {
    const order = queueOrder("weighted", weigh(["a:1", "b:1"], "weighted"));
    for (let i = 0; i < 100; i++) order.got(claims("b", 1), order.of(["a", "b"], 1).queues);
    order.got(claims("a", 3), ["a", "b"]);
    expect(order.of(["a", "b"], 1).queues[0]).toBe("b");
  });

  test("weighted: what was given back before it began does not count", () => {
    const order = queueOrder("weighted", weigh(["a:2", "b:1"], "weighted"));
    order.got(claims("a", 2), ["a", "b"]);
    order.got(claims("b", 1), ["b", "a"]);
    expect(order.of(["a", "b"], 1).queues).toEqual(["a", "b"]);
    order.back("b");
    expect(order.of(["a", "b"], 1).queues).toEqual(["b", "a"]);
  });

  test.each<[string, object, RegExp]>([
    ["a strategy that is none", { strategy: "fair" }, /expected one of roundRobin/],
    ["a weight that is missing", { strategy: "weighted", queues: ["a:1", "b"] }, /"b:5"/],
    ["a weight of zero", { strategy: "weighted", queues: ["a:0"] }, /weight from 1/],
    ["an order of nothing", { strategy: "strict" }, /needs the queues to be named/],
    ["a pattern that is none", { only: ["mail *"] }, /not a pattern of task paths/],
    ["a filter that is no list", { except: "mail" }, /except: expected at most 100/],
  ])("%s is refused", (_, options, message) => {
    const deployment = createMemoryDeployment();
    expect(() => createWorker({ deployment, tasks, ...options })).toThrow(message);
  });

  test("an order of queues of several modes is refused at the start", async () => {
    const deployment = createMemoryDeployment({ queues: { a: "raw", b: "regular" } });
    const worker = createWorker({ deployment, tasks, queues: ["a", "b"], strategy: "strict", processes: 0 });
    await expect(worker.start()).rejects.toThrow(/queues of one mode/);
  });
});
