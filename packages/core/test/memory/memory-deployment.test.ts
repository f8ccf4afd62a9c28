import { describe, expect, test } from "@jest/globals";
import { createMemoryDeployment, type Deployment, newJobId, QueueMismatchError, type QueueRoute } from "@tandemq/core";

async function enqueue({ broker, queue }: QueueRoute): Promise<string> {
  const id = newJobId();
  await broker.enqueue([{ id, queue, path: "t", params: "{}", priority: 0, due: { after: 0 } }]);
  return id;
}

async function run({ broker, queue }: QueueRoute): Promise<void> {
  const { claims } = await broker.claim({ queues: [queue], max: 10, lease: 1000, worker: "w" });
  await broker.settle(claims.map((claim) => ({ ...claim, outcome: { status: "success", result: 1 } })));
}

async function served(deployment: Deployment, queues: readonly string[]): Promise<Record<string, readonly string[]>> {
  const sources = await deployment.sources(queues);
  return Object.fromEntries(sources.map((source) => [source.name, source.queues()]));
}

describe("createMemoryDeployment", () => {
  test("gives each queue its mode, by name before pattern, regular by default", async () => {
    const deployment = createMemoryDeployment({
      queues: { "c*": "no-storage", "crawl/*": "raw", "crawl/fast": "no-storage", mail: "raw" },
    });
    const routes = await Promise.all(
      ["crawl/a", "crawl/fast", "mail", "other"].map((queue) => deployment.route(queue)),
    );
    expect(routes.map(({ mode, keepsResults }) => [mode, keepsResults])).toEqual([
      ["raw", true],
      ["no-storage", false],
      ["raw", true],
      ["regular", true],
    ]);
  });

  test("keeps results but for no-storage queues, whose successes are only counted", async () => {
    const deployment = createMemoryDeployment({ queues: { fast: "no-storage" } });
    for (const [queue, status] of [
      ["slow", "success"],
      ["fast", undefined],
    ] as const) {
      const route = await deployment.route(queue);
      const id = await enqueue(route);
      await run(route);
      expect((await route.broker.get([{ id, queue }]))[0]?.status).toBe(status);
      expect((await route.broker.counts([queue])).get(queue)?.success).toBe(1);
    }
  });

  test("knows the queues that are configured by name or were used", async () => {
    const deployment = createMemoryDeployment({ queues: { mail: "raw", "crawl/*": "raw" } });
    await deployment.route("crawl/a");
    expect((await deployment.queueNames()).sort()).toEqual(["crawl/a", "mail"]);
  });

  test("gives a worker the queues it asks for, and those that appear later", async () => {
    const deployment = createMemoryDeployment({ queues: { mail: "raw", fast: "no-storage" } });
    const all = await deployment.sources([]);
    expect(await served(deployment, [])).toEqual({ regular: [], raw: ["mail"], "no-storage": ["fast"] });
    expect(await served(deployment, ["mail", "new"])).toEqual({ regular: ["new"], raw: ["mail"], "no-storage": [] });
    await deployment.route("crawl/a");
    expect(all[0]?.queues()).toEqual(["new", "crawl/a"]);
    expect(await served(deployment, ["crawl/"])).toMatchObject({ regular: ["crawl/a"], raw: [] });
  });

  test("refuses a queue that is recorded with another mode", async () => {
    const deployment = createMemoryDeployment({ queues: { mail: "raw" } });
    await deployment.registry.recordQueue({ name: "mail", mode: "regular", kind: "fifo" });
    await expect(deployment.route("mail")).rejects.toThrow(QueueMismatchError);
  });

  test("tells of jobs that ended until it is told to stop", async () => {
    const deployment = createMemoryDeployment();
    await deployment.start();
    const route = await deployment.route("a");
    const ended: string[] = [];
    const stop = deployment.onFinished((ids) => ended.push(...ids));
    const first = await enqueue(route);
    await run(route);
    stop();
    await enqueue(route);
    await run(route);
    expect(ended).toEqual([first]);
    await deployment.close();
  });
});
