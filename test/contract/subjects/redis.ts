import { createRedis } from "@tandemq/redis";
import { redisUrl } from "../../support/stores.js";
import { unique } from "../../support/unique.js";
import { shapeOf } from "../shapes.js";
import type { Subject } from "../subject.js";

/** Brokers on one Redis; `failures`: as a no-storage queue keeps its jobs, `nothing`: as a raw queue does. */
export function redisSubject(keeps: "failures" | "nothing"): Subject {
  const options = { shapeOf, ...(keeps === "failures" ? { countFinished: true, keepFailures: true } : {}) };
  return {
    name: `redis, keeps ${keeps}`,
    keepsSuccesses: false,
    keepsFailures: keeps === "failures",
    countsFinished: keeps === "failures",
    knowsEnded: keeps === "failures" ? "at enqueue" : "never",
    kinds: true,
    longLine: 100_000,
    async open() {
      const prefix = unique("tq");
      const stores = [createRedis({ url: redisUrl(), prefix }), createRedis({ url: redisUrl(), prefix })] as const;
      const [broker, other] = [stores[0].broker(options), stores[1].broker(options)];
      await Promise.all([broker.start(), other.start()]);
      const close = async () => {
        await Promise.all([broker.close(), other.close()]);
        await Promise.all(stores.map((store) => store.close()));
      };
      return { broker, other, close };
    },
  };
}
