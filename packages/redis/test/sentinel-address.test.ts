import { expect, test } from "@jest/globals";
import { sentinelOptions } from "../src/connection/sentinel-address.js";
import { createRedis } from "../src/create-redis.js";

test.each([
  ["redis+sentinel://a/main", { sentinels: [{ host: "a", port: 26_379 }], name: "main", db: 0 }],
  [
    "redis+sentinel://a:1,b,[::1]:80/main/3",
    {
      sentinels: [
        { host: "a", port: 1 },
        { host: "b", port: 26_379 },
        { host: "::1", port: 80 },
      ],
      name: "main",
      db: 3,
    },
  ],
  [
    "redis+sentinel://u:p%40@a/main?sentinelPassword=s",
    {
      sentinels: [{ host: "a", port: 26_379 }],
      name: "main",
      db: 0,
      username: "u",
      password: "p@",
      sentinelPassword: "s",
    },
  ],
  ["redis+sentinel://:p@a/main", { sentinels: [{ host: "a", port: 26_379 }], name: "main", db: 0, password: "p" }],
  [
    "rediss+sentinel://a/main",
    {
      ...{ sentinels: [{ host: "a", port: 26_379 }], name: "main", db: 0 },
      ...{ tls: {}, sentinelTLS: {}, enableTLSForSentinelMode: true },
    },
  ],
  ["redis://a:1/0", undefined],
])("%s", (url, options) => expect(sentinelOptions(url)).toEqual(options));

test.each(["redis+sentinel://a:1", "redis+sentinel:///main", "redis+sentinel://a:x/main", "redis+sentinel://a,/main"])(
  "%s is refused",
  async (url) => {
    await using redis = createRedis({ url });
    await expect(redis.registry().queues()).rejects.toMatchObject({
      code: "INVALID_OPTION",
      message: expect.stringContaining("redis+sentinel://host:26379"),
    });
  },
);
