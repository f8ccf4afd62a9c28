import { setTimeout as sleep } from "node:timers/promises";
import { Redis } from "ioredis";

const final = ["success", "failed", "timeout", "maxretries", "cancel", "abort", "expired"];

/** Keys that belong to a deployment or to a queue, not to its jobs. */
const constant = /^:(queues|names|paused|cancels|lines)$|:\{workers\}:|:(order|counts|idle)$/;

/** Removes all finished jobs and tells what remains in the stores although it should have gone with them. */
export async function leftovers({ client, stores, mongo, prefix }) {
  for (const { name } of await client.queues()) await client.action("remove", { queue: name, status: final }).result();
  // Whatever is tidied is tidied every two seconds.
  await sleep(3500);
  return [...(await keysLeft(stores.redis.url, prefix)), ...(await documentsLeft(mongo))];
}

async function keysLeft(url, prefix) {
  const redis = new Redis(url);
  const left = [];
  for (const key of await redis.keys(`${prefix}:*`)) {
    const name = key.slice(prefix.length);
    // -1: it stays for ever.
    if (!constant.test(name) && (await redis.pttl(key)) === -1) left.push(`the key ${name}`);
  }
  redis.disconnect();
  return left;
}

async function documentsLeft(mongo) {
  const left = [];
  for (const { name } of await mongo.db().listCollections().toArray()) {
    const count = /_(jobs|outbox)$/.test(name) ? await mongo.db().collection(name).countDocuments() : 0;
    if (count > 0) left.push(`${count} documents of ${name}`);
  }
  return left;
}
