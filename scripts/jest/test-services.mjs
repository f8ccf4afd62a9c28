import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { MongoClient } from "mongodb";

const freePort = () =>
  new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });

export async function startTestServices() {
  const dir = mkdtempSync(join(tmpdir(), "tandemq-test-"));
  const [m, r] = [await freePort(), await freePort()];
  const mongod = join(homedir(), ".cache/tandemq/bin/mongod");
  const children = [
    spawn(
      mongod,
      [
        "--dbpath",
        dir,
        "--port",
        m,
        "--bind_ip",
        "127.0.0.1",
        "--replSet",
        "tandemq",
        "--wiredTigerCacheSizeGB",
        "0.25",
      ],
      { stdio: "ignore" },
    ),
    spawn("redis-server", ["--port", r, "--bind", "127.0.0.1", "--save", "", "--maxmemory-policy", "noeviction"], {
      stdio: "ignore",
    }),
  ];
  const client = new MongoClient(`mongodb://127.0.0.1:${m}/?directConnection=true`);
  await client
    .db("admin")
    .command({ replSetInitiate: { _id: "tandemq", members: [{ _id: 0, host: `127.0.0.1:${m}` }] } });
  while (!(await client.db("admin").command({ hello: 1 })).isWritablePrimary)
    await new Promise((f) => setTimeout(f, 50));
  await client.close();
  return {
    mongoUrl: `mongodb://127.0.0.1:${m}/?replicaSet=tandemq`,
    redisUrl: `redis://127.0.0.1:${r}`,
    async stop() {
      await Promise.all(children.map((c) => new Promise((f) => c.once("exit", f) && c.kill("SIGTERM"))));
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
