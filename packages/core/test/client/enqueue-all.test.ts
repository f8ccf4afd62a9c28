import { afterEach, expect, test } from "@jest/globals";
import {
  BrokerUnavailableError,
  Client,
  createMemoryDeployment,
  defineTask,
  type Deployment,
  type Middleware,
  newJobId,
  QueueUnknownError,
  type StandardSchema,
} from "../../src/index.js";

let client: Client;
afterEach(() => client.close());

/** Takes numbers below 10 as `n`, and takes its time to say so. */
const below10: StandardSchema<{ n: number }> = {
  "~standard": {
    version: 1,
    vendor: "test",
    validate: async (value) => {
      const { n } = value as { n: number };
      return n < 10 ? { value: { n } } : { issues: [{ message: "is too large", path: ["n"] }] };
    },
  },
};

const counted = defineTask("a.counted", () => undefined, { schema: below10 });

/** A deployment that does not know the queue `lost`, and whose stores for `away` are away. */
function partial(): Deployment {
  const deployment = createMemoryDeployment();
  const route = deployment.route.bind(deployment);
  deployment.route = async (queue) => {
    if (queue === "lost") throw new QueueUnknownError('queue "lost" is not known');
    if (queue === "away") throw new BrokerUnavailableError("the store is away");
    return route(queue);
  };
  return deployment;
}

test("a task's schema refuses items, and the others go on", async () => {
  client = new Client(createMemoryDeployment());
  const done = await client.enqueueAll(counted, [{ n: 1 }, { n: 20 }, { n: 3 }]);
  expect(done).toMatchObject({ taken: 3, created: 2, refused: 1 });
  expect(done.refusals).toMatchObject([{ index: 1, error: { code: "INVALID_PARAMS" } }]);
  expect(await client.jobs({ queue: "default" })).toHaveLength(2);
});

test("middleware stands around each item, and may refuse it", async () => {
  const noThrees: Middleware = {
    name: "no threes",
    async enqueue(job, next) {
      if (job.params["n"] === 3) throw new Error("no threes");
      job.meta["by"] = "middleware";
      await next();
    },
  };
  client = new Client(createMemoryDeployment(), { middleware: [noThrees] });
  const done = await client.enqueueAll("a.task", [{ n: 1 }, { n: 3 }]);
  expect(done).toMatchObject({ taken: 2, created: 1, refused: 1 });
  expect(done.refusals).toMatchObject([{ index: 1, error: { message: "no threes" } }]);
  expect(await client.jobs({ queue: "default" })).toMatchObject([{ params: { n: 1 }, meta: { by: "middleware" } }]);
});

test.each([
  ["without middleware", []],
  ["with middleware", [{ enqueue: (_: unknown, next: () => Promise<void>) => next() }]],
])("a queue that cannot be used refuses its items; a store that is away ends it, %s", async (_, middleware) => {
  client = new Client(partial(), { middleware });
  const queues = ["here", "lost", "here"];
  const done = await client.enqueueAll("a.task", [{}, {}, {}], (__, i) => ({ queue: queues[i] ?? "" }));
  expect(done.refusals).toMatchObject([{ index: 1, error: { code: "QUEUE_UNKNOWN" } }]);
  expect(done.created).toBe(2);
  const away = client.enqueueAll("a.task", [{}], { queue: "away" });
  await expect(away).rejects.toBeInstanceOf(BrokerUnavailableError);
});

test("what cannot hold for all is refused at once", async () => {
  client = new Client(createMemoryDeployment());
  const all = (options: object, source: Iterable<object> = [{}]) => client.enqueueAll("a.task", source, options);
  await expect(all({ id: newJobId() })).rejects.toThrow("enqueueAll: id");
  await expect(all({ session: { inTransaction: () => true } })).rejects.toThrow("enqueueAll: session");
  await expect(all({ priority: 0.5 })).rejects.toMatchObject({ code: "INVALID_OPTION" });
  await expect(all({}, 7 as never)).rejects.toMatchObject({ code: "INVALID_OPTION" });
  await expect(client.enqueueMany("a.task", new Set([{}]) as never)).rejects.toThrow("enqueueAll takes any iterable");
  expect(await client.jobs()).toEqual([]);
});

test("closing waits for an enqueue whose schema takes its time", async () => {
  client = new Client(createMemoryDeployment());
  const adding = [client.enqueue(counted, { n: 1 }), client.enqueueMany(counted, [{ n: 1 }, { n: 2 }])];
  await client.close();
  expect(await Promise.all(adding)).toHaveLength(2);
});
