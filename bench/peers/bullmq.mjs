/**
 * BullMQ with the ioredis it is tested with, set up as its production guide says: offline queue off for producers,
 * unlimited retries for workers, `noeviction`. Finished jobs: its default keeps them all in Redis; the variant
 * `remove` takes them away at once.
 */
import { createRequire } from "node:module";
import { Queue, QueueEvents, Worker } from "bullmq";
import { works } from "../lib/work.mjs";

const require = createRequire(import.meta.url);

export function bullmq({ remove = false } = {}) {
  const name = remove ? "bullmq remove" : "bullmq";
  return {
    name,
    versions: () => ({ bullmq: versionOf("bullmq"), "ioredis (bullmq)": versionOf("ioredis") }),

    async producer({ redisUrl, queue, task, attempts = 1, delay = 0, answers = false }) {
      const q = new Queue(queue, {
        connection: connection(redisUrl, { enableOfflineQueue: false }),
        defaultJobOptions: {
          ...(remove && { removeOnComplete: true }),
          ...(attempts > 1 && { attempts }),
          ...(delay > 0 && { delay }),
        },
      });
      await q.waitUntilReady();
      const events = answers && new QueueEvents(queue, { connection: connection(redisUrl) });
      if (events) await events.waitUntilReady();
      return {
        add: (params) => q.add(task, params),
        addMany: (list) => q.addBulk(list.map((data) => ({ name: task, data }))),
        answer: async (params) => (await q.add(task, params)).waitUntilFinished(events),
        close: async () => {
          if (events) await events.close();
          await q.close();
        },
      };
    },

    async worker({ redisUrl, queue, task, concurrency }) {
      const run = works[task];
      const options = { connection: connection(redisUrl, { maxRetriesPerRequest: null }), concurrency };
      const worker = new Worker(queue, async (job) => run(job.data, job.attemptsMade + 1), options);
      await worker.waitUntilReady();
      return { stop: () => worker.close() };
    },

    /** Jobs that wait, run or are done; `wrong` counts kept answers that are not right. */
    async look({ redisUrl, queue }) {
      const q = new Queue(queue, { connection: connection(redisUrl) });
      const counts = await q.getJobCounts("wait", "active", "completed", "failed");
      const kept = await q.getJobs(["completed"], 0, 999);
      await q.close();
      const wrong = kept.filter((job) => job.returnvalue?.v !== job.data.a + job.data.b).length;
      const done = remove ? undefined : counts.completed;
      return { waiting: counts.wait, running: counts.active, done, failed: counts.failed, wrong };
    },
  };
}

function connection(redisUrl, more) {
  const { hostname, port } = new URL(redisUrl);
  return { host: hostname, port: Number(port), ...more };
}

function versionOf(name) {
  return require(`${name}/package.json`).version;
}
