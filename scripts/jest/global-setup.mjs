/**
 * Gives the tests one MongoDB and one Redis: TANDEMQ_TEST_MONGO_URL and TANDEMQ_TEST_REDIS_URL. Preset addresses are
 * used as they are; TANDEMQ_TEST_SERVICES=off starts nothing, for tests that need no store. TANDEMQ_MONGO and
 * TANDEMQ_REDIS are not for tests: they may name servers with real data.
 */
import { existsSync } from "node:fs";
import { build } from "../ensure-installed.mjs";

const services = new URL("../../packages/tandemq/dist/services/index.js", import.meta.url);

async function start(wanted) {
  if (!existsSync(services)) build();
  const { startServices } = await import(services.href);
  const env = { ...process.env };
  for (const name of ["TANDEMQ_MONGO", "TANDEMQ_REDIS"]) delete env[name];
  return startServices({ ...wanted, env, onProgress: (line) => process.stderr.write(`${line}\n`) });
}

export default async function globalSetup() {
  if (process.env.TANDEMQ_TEST_SERVICES === "off") return;
  const { TANDEMQ_TEST_MONGO_URL: mongo, TANDEMQ_TEST_REDIS_URL: redis } = process.env;
  if (mongo && redis) return;
  const running = await start({ mongo: !mongo, redis: !redis });
  if (!mongo) process.env.TANDEMQ_TEST_MONGO_URL = running.mongoUrl;
  if (!redis) process.env.TANDEMQ_TEST_REDIS_URL = running.redisUrl;
  globalThis.tandemqTestServices = running;
}
