/** How many commands clients send to the stores. */
import { now, sleep } from "./clock.mjs";

/** What drivers and harness ask for their own sake. */
const unasked = ["hello", "isMaster", "serverStatus", "endSessions", "ping", "buildInfo"];

/** Commands per second over `time` milliseconds, Redis and MongoDB together. */
export async function watchCommands({ redis, mongo }, time) {
  const monitor = await redis.monitor();
  let seen = 0;
  monitor.on("monitor", (_time, _args, source) => (seen += source === "lua" ? 0 : 1));
  const [before, began] = [await mongoCommands(mongo), now()];
  await sleep(time);
  const seconds = (now() - began) / 1000;
  const after = await mongoCommands(mongo);
  monitor.disconnect();
  return (seen + after - before) / seconds;
}

async function mongoCommands(mongo) {
  const { metrics } = await mongo.db("admin").command({ serverStatus: 1 });
  return Object.entries(metrics.commands)
    .filter(([name, counts]) => typeof counts === "object" && !unasked.includes(name))
    .reduce((sum, [, { total }]) => sum + Number(total), 0);
}
