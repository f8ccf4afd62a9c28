import { createRedis } from "@tandemq/redis";
import { redisUrl } from "../support/stores.js";
import { unique } from "../support/unique.js";
import { registryContract } from "./registry-contract.js";

registryContract("redis", async () => {
  const redis = createRedis({ url: redisUrl(), prefix: unique("tq") });
  return { registry: redis.registry(), close: () => redis.close() };
});
