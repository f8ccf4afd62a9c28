import type { ServerKind } from "../start-server.js";

async function waitUntilReady(port: number, signal: AbortSignal): Promise<void> {
  const { initiateReplicaSet } = await import("@tandemq/mongo/initiate-replica-set");
  await initiateReplicaSet(`127.0.0.1:${port}`, "tandemq", signal);
}

/** A replica set of one: what transactions and change streams need. Small, for a server that shares its machine. */
export const mongoKind: ServerKind = {
  name: "mongo",
  flags: [
    ...["--replSet", "tandemq", "--wiredTigerCacheSizeGB", "0.25", "--nounixsocket"],
    ...["--setParameter", "diagnosticDataCollectionEnabled=false"],
  ],
  urlOf: (port) => `mongodb://127.0.0.1:${port}/tandemq?replicaSet=tandemq`,
  waitUntilReady,
};
