import { setTimeout as sleep } from "node:timers/promises";
import { type Document, MongoClient, MongoServerError } from "mongodb";

const RETRY_MS = 50;
const NOT_YET_INITIALIZED = 94;
const INVALID_REPLICA_SET_CONFIG = 93;

/**
 * Makes a lone server the primary of a replica set of one, and waits until it takes writes. A set that was initiated
 * under another address, because the server's port has changed, is moved to the new one.
 *
 * `address` is `host:port`; the server may still be starting. Rejects when the signal fires first, with the reason that
 * kept the server from being primary until then.
 */
export async function initiateReplicaSet(address: string, name: string, signal: AbortSignal): Promise<void> {
  let obstacle: unknown;
  while (!signal.aborted) {
    try {
      if (await isPrimary(address, name)) return;
    } catch (error) {
      obstacle = error;
    }
    await sleep(RETRY_MS);
  }
  throw new Error(`${address} did not become primary`, { cause: obstacle ?? signal.reason });
}

/** One look: whether the server is primary by now, after doing what keeps it from that. */
async function isPrimary(address: string, name: string): Promise<boolean> {
  // A client whose first connection failed never recovers (driver 7.8: "Topology is closed"), hence one for each look.
  const client = new MongoClient(`mongodb://${address}/?directConnection=true`, { serverSelectionTimeoutMS: 500 });
  try {
    const hello = await client.db("admin").command({ hello: 1 });
    const moved = hello["me"] !== undefined && hello["me"] !== address;
    if (hello["isWritablePrimary"] === true && !moved) return true;
    await configure(client, address, name);
    return false;
  } finally {
    await client.close();
  }
}

async function configure(client: MongoClient, address: string, name: string): Promise<void> {
  const admin = client.db("admin");
  const found = await readConfig(client);
  if (found === undefined) {
    await admin.command({ replSetInitiate: { _id: name, members: [{ _id: 0, host: address }] } });
  } else if (found["members"]?.[0]?.host !== address) {
    const members = [{ ...found["members"]?.[0], host: address }];
    await admin.command({ replSetReconfig: { ...found, version: found["version"] + 1, members }, force: true });
  }
}

/** The set's configuration; undefined before the set is initiated. */
async function readConfig(client: MongoClient): Promise<Document | undefined> {
  try {
    return (await client.db("admin").command({ replSetGetConfig: 1 }))["config"];
  } catch (error) {
    const codes = [NOT_YET_INITIALIZED, INVALID_REPLICA_SET_CONFIG];
    if (error instanceof MongoServerError && codes.includes(Number(error.code))) return undefined;
    throw error;
  }
}
