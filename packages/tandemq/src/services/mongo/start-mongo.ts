import { firstRoute } from "../first-route.js";
import { type RunningServer, startServer } from "../start-server.js";
import type { Context, Wish } from "../types.js";
import { mongoKind } from "./mongo-kind.js";
import { mongoRoutes } from "./mongo-routes.js";

/** Starts a private MongoDB, a replica set of one. */
export async function startMongo(wish: Wish, context: Context): Promise<RunningServer> {
  const wanted = { server: "MongoDB 5.0 or later", variable: "TANDEMQ_MONGO" };
  const binary = await firstRoute(mongoRoutes, wanted, context);
  context.progress(`Starting MongoDB from ${binary.origin} ...`);
  return startServer(mongoKind, binary, wish, context);
}
