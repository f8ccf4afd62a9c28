import { setTimeout as pause } from "node:timers/promises";
import { afterAll, expect, test } from "@jest/globals";
import { MongoClient } from "mongodb";
import { createDeployment, loadConfig, type UserConfig } from "tandemq";
import { mongoUrl, redisUrl } from "../support/stores.js";
import { unique } from "../support/unique.js";

const name = unique("closing");
const away = { mongo: "mongodb://127.0.0.1:1/x?serverSelectionTimeoutMS=100", redis: "redis://127.0.0.1:1" };
const stranger = (url: string) => url.replace("://", "://nobody:wrong@");
const queues = { a: "regular", b: "raw", c: "no-storage" } as const;

const layouts: [string, () => UserConfig][] = [
  ["both stores", () => ({ mongo: mongoUrl(name), redis: redisUrl(), queues })],
  ["no MongoDB", () => ({ mongo: away.mongo, redis: redisUrl(), queues })],
  ["no Redis", () => ({ mongo: mongoUrl(name), redis: away.redis, queues })],
  ["MongoDB's wrong password", () => ({ mongo: stranger(mongoUrl("admin")), redis: redisUrl(), queues })],
  ["the wrong password of Redis", () => ({ mongo: mongoUrl(name), redis: stranger(redisUrl()), queues })],
];

afterAll(async () => {
  await using mongo = new MongoClient(mongoUrl(name));
  await mongo.db().dropDatabase();
});

/** That no socket stays open is seen at the end of this file. */
test.each(layouts)("a deployment that is closed while it starts ends its start: %s", async (_layout, layout) => {
  for (const ms of [0, 1, 5, 20, 60]) {
    const { config } = await loadConfig({ config: { ...layout(), prefix: unique("closing") }, env: {} });
    const deployment = createDeployment(config);
    const listen = () => void deployment.onFinished(() => {});
    const started = deployment
      .start()
      .then(listen)
      .then(
        () => "started",
        (error: { code: string }) => error.code,
      );
    await pause(ms);
    await deployment.close();
    expect(["started", "CLOSED", "BROKER_UNAVAILABLE", "STORE_REFUSED"]).toContain(await started);
  }
});
