/**
 * Gives the tests one MongoDB and one Redis: TANDEMQ_TEST_MONGO_URL and TANDEMQ_TEST_REDIS_URL. Preset addresses are
 * used as they are; TANDEMQ_TEST_SERVICES=off starts nothing, for tests that need no store.
 */
import { startTestServices } from "./test-services.mjs";

export default async function globalSetup() {
  if (process.env.TANDEMQ_TEST_SERVICES === "off") return;
  const { TANDEMQ_TEST_MONGO_URL: mongo, TANDEMQ_TEST_REDIS_URL: redis } = process.env;
  if (mongo && redis) return;
  const services = await startTestServices({ mongo: !mongo, redis: !redis });
  if (!mongo) process.env.TANDEMQ_TEST_MONGO_URL = services.mongoUrl;
  if (!redis) process.env.TANDEMQ_TEST_REDIS_URL = services.redisUrl;
  globalThis.tandemqTestServices = services;
}
