import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Redis } from "ioredis";
import { MongoClient } from "mongodb";
import { freePort } from "../../packages/tandemq/dist/services/free-port.js";
import { until } from "./processes.mjs";
import { createStore } from "./stores.mjs";

/** Files of a certificate authority of our own, and of a server on this machine that it vouches for. */
export function makeCertificates(folder) {
  const file = (name) => join(folder, name);
  const openssl = (...args) => execFileSync("openssl", args, { stdio: "ignore" });
  const fresh = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  const names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1,DNS:localhost"];
  openssl("req", "-x509", ...fresh, "-keyout", file("ca.key"), "-out", file("ca.pem"), "-subj", "/CN=our own");
  openssl("req", ...fresh, "-keyout", file("key.pem"), "-out", file("request.pem"), ...names);
  const signed = ["-CA", file("ca.pem"), "-CAkey", file("ca.key"), "-CAcreateserial", "-copy_extensions", "copy"];
  openssl("x509", "-req", "-in", file("request.pem"), ...signed, "-out", file("cert.pem"));
  writeFileSync(file("both.pem"), readFileSync(file("cert.pem"), "utf8") + readFileSync(file("key.pem"), "utf8"));
  return { ca: file("ca.pem"), cert: file("cert.pem"), key: file("key.pem"), both: file("both.pem") };
}

/** A MongoDB replica set of one, and a Redis, that speak TLS only. Not yet started. */
export async function createTlsStores(folder, certificates) {
  return {
    mongo: await createStore({ kind: tlsMongo(certificates) }, folder),
    redis: await createStore({ kind: await tlsRedis(certificates) }, folder),
  };
}

function tlsMongo({ ca, both }) {
  const tls = ["--tlsMode", "requireTLS", "--tlsCertificateKeyFile", both, "--tlsCAFile", ca];
  const urlOf = (port) => `mongodb://127.0.0.1:${port}/tandemq?directConnection=true&tls=true`;
  return {
    name: "mongo",
    flags: [
      ...["--replSet", "tls", "--wiredTigerCacheSizeGB", "0.25", "--nounixsocket"],
      ...[...tls, "--tlsAllowConnectionsWithoutCertificates"],
    ],
    urlOf,
    waitUntilReady: async (port) => {
      const client = new MongoClient(urlOf(port), { tlsCAFile: ca, serverSelectionTimeoutMS: 60_000 });
      const admin = client.db("admin");
      await admin.command({ replSetInitiate: { _id: "tls", members: [{ _id: 0, host: `127.0.0.1:${port}` }] } });
      await until("it is primary", async () => (await admin.command({ hello: 1 })).isWritablePrimary);
      await client.close();
    },
  };
}

async function tlsRedis({ ca, cert, key }) {
  const port = await freePort();
  const files = ["--tls-cert-file", cert, "--tls-key-file", key, "--tls-ca-cert-file", ca, "--tls-auth-clients", "no"];
  return {
    name: "redis",
    flags: ["--save", "", "--maxmemory-policy", "noeviction", "--port", "0", "--tls-port", String(port), ...files],
    urlOf: () => `rediss://127.0.0.1:${port}`,
    waitUntilReady: async () => {
      const tls = { ca: readFileSync(ca) };
      const redis = new Redis({ host: "127.0.0.1", port, tls, maxRetriesPerRequest: null, retryStrategy: () => 20 });
      redis.on("error", () => {});
      await redis.ping();
      redis.disconnect();
    },
  };
}
