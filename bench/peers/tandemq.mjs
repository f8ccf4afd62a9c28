/** TandemQ in one of its three modes, with its defaults: `w: majority`, results kept where the mode keeps them. */
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { createClient, createWorker } from "tandemq";
import { MongoClient } from "mongodb";

const require = createRequire(import.meta.resolve("tandemq"));
const tasks = [fileURLToPath(new URL("../tasks/works.mjs", import.meta.url))];

/**
 * The configuration that a deployment with both stores has. `pattern` names many queues; `prefix` keeps one deployment
 * apart from another in the same stores.
 */
export function configOf(mode, { redisUrl, mongoUrl, queue, pattern = queue, prefix }) {
  return { redis: redisUrl, mongo: mongoUrl, tasks, queues: { [pattern]: mode }, ...(prefix && { prefix }) };
}

export function tandemq(mode) {
  return {
    name: mode,
    versions: () => ({ tandemq: versionOf("tandemq"), ioredis: versionOf("ioredis"), mongodb: versionOf("mongodb") }),

    async producer(setup) {
      const client = await createClient(configOf(mode, setup));
      const [path, options] = [`bench.${setup.task}`, enqueueOptions(setup)];
      return {
        add: (params) => client.enqueue(path, params, options),
        addTo: (queue, params) => client.enqueue(path, params, { ...options, queue }),
        addMany: (list) => client.enqueueMany(path, list, options),
        answer: async (params) => (await client.enqueue(path, params, options)).result({ timeout: "20s" }),
        close: () => client.close(),
      };
    },

    client: ({ queues, ...setup }) => createClient({ ...configOf(mode, setup), queues }),

    async worker(setup) {
      const { concurrency, processes, serve } = setup;
      const worker = await createWorker(
        { ...configOf(mode, setup), logLevel: "fatal", worker: { concurrency, processes } },
        serve ? { queues: serve } : {},
      );
      await worker.start();
      return { stop: () => worker.stop() };
    },

    async look(setup) {
      const client = await createClient(configOf(mode, setup));
      const counts = await client.queue(setup.queue).counts();
      await client.close();
      const { queued, started, retry, interrupt, success, ...bad } = counts;
      const failed = Object.values(bad).reduce((sum, n) => sum + n, 0);
      const kept = mode === "no-storage" || setup.prefix ? {} : await documents(setup);
      return { waiting: queued + retry + interrupt, running: started, failed, ...kept };
    },
  };
}

/** Only what is asked for: an option that is there may cost. */
function enqueueOptions({ queue, attempts = 1, delay = 0 }) {
  return {
    queue,
    ...(attempts > 1 && { attempts, backoff: { type: "fixed", delay: "1ms" } }),
    ...(delay > 0 && { delay }),
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
