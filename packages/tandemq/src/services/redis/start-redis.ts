import { firstRoute } from "../first-route.js";
import { type RunningServer, startServer } from "../start-server.js";
import type { Context, Wish } from "../types.js";
import { redisKind } from "./redis-kind.js";
import { redisRoutes } from "./redis-routes.js";

/** Starts a private Redis; it keeps its data only in a folder of the caller's. */
export async function startRedis(wish: Wish, context: Context): Promise<RunningServer> {
  const wanted = { server: "Redis 6.2 or later", variable: "TANDEMQ_REDIS" };
  const binary = await firstRoute(redisRoutes, wanted, context);
  context.progress(`Starting Redis from ${binary.origin} ...`);
  return startServer(redisKind(wish.dataDir !== undefined), binary, wish, context);
}
