import { setTimeout as sleep } from "node:timers/promises";
import { consume } from "./deeds/consume.mjs";
import { pausable } from "./deeds/operate.mjs";
import { leftovers } from "./leftovers.mjs";
import { modes, queuesOf } from "./plan.mjs";
import { clock } from "./story.mjs";

const live = ["queued", "started", "retry", "interrupt"];

/** For so long after a failure of MongoDB its failed no-storage jobs are not shown, milliseconds. */
const restAfterFailure = 10_500;

/** Waits until nothing is left to do, and tells what the stores hold then. */
export async function inspect(life) {
  const { client, mongo, workers, setup } = life;
  await Promise.all(workers.map((worker) => worker.restarting));
  for (const name of setup.modes.flatMap(pausable)) await retried(() => client.queue(name).resume());
  await retried(() => rest(life));
  if (setup.faults === "stores") await sleep(restAfterFailure);
  const jobs = await retried(() => client.jobs({ limit: 1_000_000 }));
  const counts = {};
  for (const queue of await client.queues()) counts[queue.name] = await queue.counts();
  const keys = await freshKeys(life);
  const effects = await mongo.db().collection("lives_effects").find().toArray();
  return { jobs, counts, keys, effects: effects.map(({ job }) => job), leftovers: await leftovers(life) };
}

async function retried(act) {
  for (let left = 20; ; left--) {
    try {
      return await act();
    } catch (error) {
      if (left === 0 || error.code !== "BROKER_UNAVAILABLE") throw error;
      await sleep(500);
    }
  }
}

/** Until no job is live, at most a minute; queues without a worker are emptied by hand. */
async function rest({ client, story, random }) {
  const end = clock() + 60_000;
  for (let calm = 0; clock() < end && calm < 2; ) {
    const byHand = { client, story, random, wait: 0, most: 1000, way: "done" };
    for (const mode of modes) await consume({ ...byHand, queue: `hand/${mode}` });
    const left = await client.jobs({ status: live, limit: 5 });
    calm = left.length === 0 ? calm + 1 : 0;
    await sleep(300);
  }
}

/** Enqueues a job with every key that was used: nobody has it any more. */
async function freshKeys({ client, setup }) {
  const answers = [];
  for (const queue of setup.modes.flatMap(queuesOf)) {
    for (const value of ["k0", "k1", "k2", "k3"]) {
      const key = { value, until: "finish" };
      const options = { queue, key };
      const { created, id } = await client.enqueue("lives.run", { n: -2, v: 0, fates: ["quick"] }, options);
      answers.push({ queue, key: value, created, id });
    }
  }
  const isOver = async () => (await client.jobs({ status: live, limit: 1 })).length === 0;
  for (const end = clock() + 30_000; clock() < end && !(await isOver()); ) await sleep(200);
  return answers;
}
