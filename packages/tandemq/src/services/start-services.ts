import { resolve } from "node:path";
import { defaultCacheDir } from "./cache-dir.js";
import { startMongo } from "./mongo/start-mongo.js";
import { startRedis } from "./redis/start-redis.js";
import type { RunningServer } from "./start-server.js";
import type { Context, Services, ServicesOptions } from "./types.js";

type Start = () => Promise<RunningServer | undefined>;

/** A server that was there before: not ours to stop. */
function foreign(url: string): RunningServer {
  return { url, stop: () => Promise.resolve() };
}

async function startBoth(starts: readonly Start[]): Promise<(RunningServer | undefined)[]> {
  const settled = await Promise.allSettled(starts.map((start) => start()));
  const failure = settled.find((result) => result.status === "rejected");
  if (failure === undefined) return settled.map((result) => (result.status === "fulfilled" ? result.value : undefined));
  await Promise.all(settled.map(async (result) => result.status === "fulfilled" && result.value?.stop()));
  throw failure.reason;
}

function startsFor(options: ServicesOptions, context: Context): readonly Start[] {
  const { TANDEMQ_MONGO: mongoUrl, TANDEMQ_REDIS: redisUrl } = context.env;
  const dataDir = options.dataDir === undefined ? undefined : resolve(options.dataDir);
  return [
    async () => {
      if (options.mongo === false) return undefined;
      return mongoUrl ? foreign(mongoUrl) : startMongo({ dataDir, port: options.ports?.mongo }, context);
    },
    async () => {
      if (options.redis === false) return undefined;
      return redisUrl ? foreign(redisUrl) : startRedis({ dataDir, port: options.ports?.redis }, context);
    },
  ];
}

/**
 * Brings up MongoDB (a replica set of one) and Redis, private ones on free loopback ports, for development, tests and
 * trials. TANDEMQ_MONGO and TANDEMQ_REDIS in the environment win: such servers are used as they are and never stopped.
 *
 * A server comes from the first of: the PATH, Docker, a portable binary that is downloaded once. It ends at `stop()`, and
 * also when this process ends in any other way, `kill -9` included. Linux and macOS only.
 *
 * Throws BrokerUnavailableError, which says what was tried and what to do; nothing is left running then.
 */
export async function startServices(options: ServicesOptions = {}): Promise<Services> {
  const env = options.env ?? process.env;
  const progress = options.onProgress ?? (() => {});
  const context: Context = { env, cacheDir: options.cacheDir ?? defaultCacheDir(env), progress };
  const servers = await startBoth(startsFor(options, context));
  const stop = async (): Promise<void> => {
    await Promise.all(servers.map(async (server) => server?.stop()));
  };
  return { mongoUrl: servers[0]?.url, redisUrl: servers[1]?.url, stop, [Symbol.asyncDispose]: stop };
}
