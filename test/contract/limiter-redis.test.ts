import { createRedis } from "@tandemq/redis";
import { redisUrl } from "../support/stores.js";
import { unique } from "../support/unique.js";
import { limiterContract } from "./limiter-contract.js";

limiterContract("Redis", async () => {
  const options = { url: redisUrl(), prefix: unique("limits") };
  const [one, two] = [createRedis(options), createRedis(options)];
  const close = async () => {
    await Promise.all([one.close(), two.close()]);
  };
  // The server runs on this machine: its clock is ours.
  return { limiter: one.limiter(), other: two.limiter(), now: async () => Date.now(), close };
});
