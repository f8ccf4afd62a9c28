/**
 * Bee-Queue as its documentation advises for production: producers that are no workers and get no events, workers that
 * send none and keep no jobs in memory. Finished jobs stay in Redis, its default. Events are on where answers are awaited.
 */
import { createRequire } from "node:module";
import Queue from "bee-queue";
import { works } from "../lib/work.mjs";

const require = createRequire(import.meta.url);

export function beeQueue() {
  return {
    name: "bee-queue",
    versions: () => ({ "bee-queue": require("bee-queue/package.json").version }),

    async producer({ redisUrl, queue, attempts = 1, answers = false }) {
      const q = new Queue(queue, { redis: redisUrl, isWorker: false, getEvents: answers, storeJobs: answers });
      await q.ready();
      const jobOf = (params) => q.createJob(params).retries(attempts - 1);
      return {
        add: (params) => jobOf(params).save(),
        addMany: async (list) => {
          const errors = await q.saveAll(list.map(jobOf));
          if (errors.size > 0) throw [...errors.values()][0];
        },
        answer: (params) => answerOf(jobOf(params)),
        close: () => q.close(),
      };
    },

    async worker({ redisUrl, queue, task, concurrency, attempts = 1, answers = false }) {
      const run = works[task];
      const q = new Queue(queue, { redis: redisUrl, getEvents: false, sendEvents: answers, storeJobs: false });
      q.on("error", () => {});
      q.process(concurrency, async (job) => run(job.data, attempts - job.options.retries));
      await q.ready();
      return { stop: () => q.close() };
    },

    async look({ redisUrl, queue }) {
      const q = new Queue(queue, { redis: redisUrl, isWorker: false, getEvents: false });
      const { waiting, active, succeeded, failed } = await q.checkHealth();
      await q.close();
      return { waiting, running: active, done: succeeded, failed, wrong: 0 };
    },
  };
}

function answerOf(job) {
  return new Promise((resolve, reject) => {
    job.on("succeeded", resolve);
    job.on("failed", reject);
    job.save().catch(reject);
  });
}
