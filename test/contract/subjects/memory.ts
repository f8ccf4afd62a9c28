import { MemoryBroker, MemoryStore } from "@tandemq/core";
import { shapeOf } from "../shapes.js";
import type { Subject } from "../subject.js";

/** Brokers in memory; `failures`: as a no-storage queue keeps its jobs. */
export function memorySubject(keeps: "all" | "failures"): Subject {
  return {
    name: `memory, keeps ${keeps}`,
    keepsSuccesses: keeps === "all",
    keepsFailures: true,
    countsFinished: true,
    knowsEnded: "at enqueue",
    kinds: true,
    longLine: 5000,
    async open() {
      const store = new MemoryStore({ keeps, shapeOf });
      const [broker, other] = [new MemoryBroker({ store }), new MemoryBroker({ store })];
      return { broker, other, close: async () => void (await Promise.all([broker.close(), other.close()])) };
    },
  };
}
