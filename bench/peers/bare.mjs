/**
 * The physical limit, no queue: one Lua script claims a hundred jobs, another settles a hundred, each in flight while the
 * other's jobs run. Params and results are parsed and written as JSON. It keeps no promise but the two steps.
 */
import { Redis } from "ioredis";
import { works } from "../lib/work.mjs";

const batch = 100;

const claim = `local ids = redis.call('ZPOPMIN', KEYS[1], ARGV[1])
if #ids == 0 then return {} end
local some, leases = {}, {}
for i = 1, #ids, 2 do
  some[#some + 1] = ids[i]
  leases[i], leases[i + 1] = ARGV[2], ids[i]
end
redis.call('ZADD', KEYS[2], unpack(leases))
return {some, redis.call('HMGET', KEYS[3], unpack(some))}`;

const settle = `redis.call('ZREM', KEYS[1], unpack(ARGV))
return redis.call('HDEL', KEYS[2], unpack(ARGV))`;

export function bare() {
  return {
    name: "bare",
    versions: () => ({}),

    async producer({ redisUrl, queue }) {
      const redis = new Redis(redisUrl);
      const addMany = async (list) => {
        const ids = list.map(({ number }) => String(number).padStart(24, "0"));
        await redis.zadd(`${queue}:ready`, ...list.flatMap(({ number }, i) => [number, ids[i]]));
        await redis.hset(`${queue}:body`, ...list.flatMap((params, i) => [ids[i], JSON.stringify(params)]));
      };
      return { add: (params) => addMany([params]), addMany, close: () => redis.quit() };
    },

    async worker({ redisUrl, queue, task }) {
      const redis = new Redis(redisUrl);
      redis.defineCommand("claimBatch", { numberOfKeys: 3, lua: claim });
      redis.defineCommand("settleBatch", { numberOfKeys: 2, lua: settle });
      const keys = { ready: `${queue}:ready`, due: `${queue}:due`, body: `${queue}:body` };
      const loop = loopOf(redis, keys, works[task]);
      return {
        stop: async () => {
          await loop;
          await redis.quit();
        },
      };
    },

    async look({ redisUrl, queue }) {
      const redis = new Redis(redisUrl);
      const [waiting, running] = await Promise.all([redis.zcard(`${queue}:ready`), redis.zcard(`${queue}:due`)]);
      await redis.quit();
      return { waiting, running, failed: 0, wrong: 0 };
    },
  };
}

/** Runs until nothing waits. */
async function loopOf(redis, { ready, due, body }, run) {
  const next = () => redis.claimBatch(ready, due, body, batch, Date.now() + 30_000);
  let claimed = next();
  let settled = Promise.resolve();
  for (;;) {
    const [ids, texts] = await claimed;
    if (!ids) break;
    claimed = next();
    for (const text of texts) JSON.stringify(run(JSON.parse(text), 1));
    await settled;
    settled = redis.settleBatch(due, body, ...ids);
  }
  await settled;
}
