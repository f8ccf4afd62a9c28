/** How many commands clients send to the stores. */
import { now, sleep } from "./clock.mjs";

/** What drivers and harness ask for their own sake. */
const unasked = ["hello", "isMaster", "serverStatus", "endSessions", "ping", "buildInfo"];

/** Commands per second over `time` milliseconds, Redis and MongoDB together. With BENCH_DEBUG it tells which. */
export async function watchCommands({ redis, mongo }, time) {
  const seen = new Map();
  const monitor = await redis.monitor();
  monitor.on("monitor", (_time, [name, ...args], source) => {
    if (source !== "lua") count(seen, `redis ${[name, ...args].join(" ").slice(0, 60)}`, 1);
  });
  const [before, began] = [await mongoCommands(mongo), now()];
  await sleep(time);
  const seconds = (now() - began) / 1000;
  monitor.disconnect();
  for (const [name, total] of await mongoCommands(mongo)) count(seen, `mongo ${name}`, total - (before.get(name) ?? 0));
  if (process.env.BENCH_DEBUG) tell(seen);
  return [...seen.values()].reduce((sum, n) => sum + n, 0) / seconds;
}

function count(seen, name, more) {
  if (more > 0) seen.set(name, (seen.get(name) ?? 0) + more);
}

function tell(seen) {
  const most = [...seen].sort(([, a], [, b]) => b - a).slice(0, 12);
  for (const [name, n] of most) process.stderr.write(`  ${n} × ${name}\n`);
}

async function mongoCommands(mongo) {
  const { metrics } = await mongo.db("admin").command({ serverStatus: 1 });
  return new Map(
    Object.entries(metrics.commands)
      .filter(([name, counts]) => typeof counts === "object" && !unasked.includes(name))
      .map(([name, { total }]) => [name, Number(total)]),
  );
}
