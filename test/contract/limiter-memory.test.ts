import { MemoryLimiter } from "@tandemq/core";
import { limiterContract } from "./limiter-contract.js";

limiterContract("memory", async () => {
  const limiter = new MemoryLimiter();
  return { limiter, other: limiter, now: async () => Date.now(), close: async () => {} };
});
