/** TandemQ in one of its three modes, with its defaults: `w: majority`, results kept where the mode keeps them. */
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { createClient, createWorker } from "tandemq";
import { MongoClient } from "mongodb";

const require = createRequire(import.meta.resolve("tandemq"));
const tasks = [fileURLToPath(new URL("../tasks/works.mjs", import.meta.url))];

/** The configuration that a deployment with both stores has. */
export function configOf(mode, { redisUrl, mongoUrl, queue }) {
  return { redis: redisUrl, mongo: mongoUrl, tasks, queues: { [queue]: mode } };
}

export function tandemq(mode) {
  return {
    name: mode,
    versions: () => ({ tandemq: versionOf("tandemq"), ioredis: versionOf("ioredis"), mongodb: versionOf("mongodb") }),

    async producer(setup) {
      const client = await createClient(configOf(mode, setup));
      const [path, options] = [`bench.${setup.task}`, { queue: setup.queue }];
      return {
        add: (params) => client.enqueue(path, params, options),
        addMany: (list) => client.enqueueMany(path, list, options),
        close: () => client.close(),
      };
    },

    async worker(setup) {
      const { concurrency, processes } = setup;
      const worker = await createWorker({
        ...configOf(mode, setup),
        worker: { concurrency, processes },
      });
      await worker.start();
      return { stop: () => worker.stop() };
    },

    async look(setup) {
      const client = await createClient(configOf(mode, setup));
      const counts = await client.queue(setup.queue).counts();
      await client.close();
      const { queued, started, retry, interrupt, success, ...bad } = counts;
      const failed = Object.values(bad).reduce((sum, n) => sum + n, 0);
      const kept = mode === "no-storage" ? {} : await documents(setup);
      return { waiting: queued + retry + interrupt, running: started, failed, ...kept };
    },
  };
}

/** What MongoDB itself says of the finished jobs, past all code of ours. */
async function documents({ mongoUrl }) {
  const mongo = await MongoClient.connect(mongoUrl);
  const jobs = mongo.db().collection("jobs");
  const done = await jobs.countDocuments({ status: "success" });
  const right = { $eq: ["$result.v", { $add: ["$params.a", "$params.b"] }] };
  const wrong = await jobs.countDocuments({ status: "success", $expr: { $not: right } });
  await mongo.close();
  return { done, wrong };
}

function versionOf(name) {
  return require(`${name}/package.json`).version;
}
