import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { expect, test } from "@jest/globals";
import { clusterAddress } from "../src/connection/cluster-address.js";
import { createRedis } from "../src/create-redis.js";
import { redisServer } from "./support/redis-server.js";
import { claim, newJob, stage, success } from "./support/stage.js";
import { waitFor } from "../../../test/support/wait-for.js";

test.each([
  ["redis+cluster://a", { nodes: [{ host: "a", port: 6379 }], options: {} }],
  [
    "redis+cluster://u:p%40@a:1,[::1]:80",
    {
      nodes: [
        { host: "a", port: 1 },
        { host: "::1", port: 80 },
      ],
      options: { username: "u", password: "p@" },
    },
  ],
  ["rediss+cluster://:p@a/", { nodes: [{ host: "a", port: 6379 }], options: { password: "p", tls: {} } }],
  ["redis://a:1/0", undefined],
  ["redis+sentinel://a/main", undefined],
])("%s", (url, address) => expect(clusterAddress(url)).toEqual(address));

test.each(["redis+cluster://", "redis+cluster://a:x", "redis+cluster://a,", "redis+cluster://a/3"])(
  "%s is refused",
  async (url) => {
    await using redis = createRedis({ url });
    await expect(redis.registry().queues()).rejects.toMatchObject({
      code: "INVALID_OPTION",
      message: expect.stringContaining("redis+cluster://host:6379"),
    });
  },
);

test("queues of a cluster that is named by its address are served, and woken up", async () => {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, "close");
  await using server = await redisServer(
    ...["--cluster-enabled", "yes", "--port", String(port), "--cluster-announce-ip", "127.0.0.1"],
  );
  await server.start();
  await using s = stage({}, { options: { path: server.path } });
  await s.admin.cluster("ADDSLOTS", ...Array.from({ length: 16_384 }, (_, slot) => slot));
  await waitFor("the cluster is up", async () => String(await s.admin.cluster("INFO")).includes("cluster_state:ok"));
  await using named = stage({}, { url: `redis+cluster://127.0.0.1:${port}` });
  await named.broker.start();
  expect(await claim(named.broker)).toEqual([]);
  const woken = named.broker.waitForWork(["q"], { timeout: 60_000 });
  await named.broker.enqueue([newJob(), newJob()]);
  await woken;
  const claims = await waitFor("both are claimed", async () => {
    const found = await claim(named.broker);
    return found.length > 0 && found;
  });
  expect(await named.broker.settle(claims.map(success))).toEqual(claims.map(() => ({ state: "settled" })));
});
