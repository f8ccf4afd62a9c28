import { limiterRate } from "../../../../test/contract/limiter-rate.js";
import { MemoryLimiter } from "../../src/memory/memory-limiter.js";

limiterRate(
  "memory",
  async (now) => {
    const limiter = new MemoryLimiter(now);
    return { limiters: [limiter, limiter], close: async () => {} };
  },
  { runs: 300 },
);
