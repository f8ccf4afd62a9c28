import { setTimeout as sleep } from "node:timers/promises";
import { MongoClient } from "mongodb";

let mongo;

const obey = (ms, { signal }) => sleep(ms, undefined, { signal });

/** What may become of one run. */
export const fates = {
  ok: async (ms, job, { n }) => {
    await obey(ms, job);
    return { n };
  },
  quick: (_ms, _job, { n }) => ({ n }),
  fail: async (ms, job) => {
    await obey(ms, job);
    throw new Error("told to fail");
  },
  text: () => Promise.reject("a text"),
  retry: (_ms, job) => job.retry({ delay: 30 }),
  elsewhere: (_ms, job, { other }) => (job.queue === other ? "there" : job.retry({ delay: 30, queue: other })),
  snooze: (_ms, job) => (job.deliveries < 3 ? job.snooze(40) : "awake"),
  abort: (_ms, job) => job.abort("told to"),
  never: (_ms, job) => obey(120_000, job),
  deaf: (ms) => sleep(ms),
  frozen: (ms) => {
    for (const end = performance.now() + ms; performance.now() < end; );
  },
  exit: async () => {
    await sleep(2);
    process.exit(7);
  },
  reject: async (ms) => {
    void Promise.reject(new Error("nobody handles this"));
    await sleep(ms + 50);
  },
  progress: async (ms, job) => {
    for (let i = 1; i <= 3; i++) {
      await job.progress(i / 3);
      job.log.info("step", { i });
      await obey(ms, job);
    }
  },
  parent: async (ms, job, { n, children = [] }, story) => {
    for (const [i, child] of children.entries()) await enqueueChild(job, child, { i, n, parent: job.id }, story);
    await obey(ms, job);
  },
  complete: (ms, job, { n }) => {
    mongo ??= new MongoClient(process.env.TANDEMQ_MONGO);
    return mongo.withSession((session) => session.withTransaction(() => complete(ms, job, n, session)));
  },
};

async function enqueueChild(job, { path, options, ...params }, facts, story) {
  story.tell("TRY", { op: "child", options, ...facts });
  const { id, created } = await job.enqueue(path, params, { ...options, once: `child ${facts.i}` });
  story.tell("OK", { op: "child", id, created, ...facts });
}

/** The effect and the success in one commit. */
async function complete(ms, job, n, session) {
  await mongo.db().collection("lives_effects").insertOne({ job: job.id, n }, { session });
  await sleep(ms);
  await job.complete(session, { n });
}
