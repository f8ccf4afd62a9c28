import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { Client, createMemoryDeployment, type Deployment, type Job } from "../../src/index.js";

const secret = "4111-1111";
const queue = "q";
let deployment: Deployment;
let client: Client;

beforeEach(() => {
  deployment = createMemoryDeployment();
  client = new Client(deployment, { redact: ["params.card", "result.token"] });
});
afterEach(() => client.close());

/** Every way in which a client hands out a job. */
async function ways(id: string): Promise<Record<string, Job | undefined>> {
  const handle = await client.handle({ id, queue });
  const one = client.queue(queue);
  const [listed] = await client.queues();
  return {
    "client.job": await client.job(id),
    "client.jobs": (await client.jobs())[0],
    "client.children": (await client.children("a".repeat(24)))[0],
    "queue.jobs": (await one.jobs())[0],
    "queues().jobs": (await listed!.jobs())[0],
    "handle.get": await handle.get(),
  };
}

async function end(id: string): Promise<void> {
  const { broker } = await deployment.route(queue);
  const [claim] = (await broker.claim({ queues: [queue], max: 1, lease: 60_000, worker: "w" })).claims;
  expect(claim).toMatchObject({ id, params: JSON.stringify({ card: secret }) });
  await broker.recordProgress?.([{ ...claim!, progress: { of: secret } }]);
  await broker.settle([{ ...claim!, outcome: { status: "success", result: { token: "t0ken", card: secret } } }]);
}

test("a client with rules shows no job without them, waiting or over", async () => {
  const { id } = await client.enqueue("t", { card: secret }, { queue, parent: "a".repeat(24) });
  const [head] = await client.queue(queue).head();
  expect(head).toMatchObject({ id, params: { card: "[redacted]" } });
  for (const [way, job] of Object.entries(await ways(id)))
    expect([way, job?.params]).toEqual([way, { card: "[redacted]" }]);
  await end(id);
  for (const [way, job] of Object.entries(await ways(id)))
    expect([way, JSON.stringify(job).includes(secret)]).toEqual([way, false]);
  const handle = await client.handle({ id, queue });
  const shown = { token: "[redacted]", card: "[redacted]" };
  expect(await handle.result()).toEqual(shown);
  expect((await handle.finished()).result).toEqual(shown);
  for await (const progress of handle.progress()) expect(progress).toEqual({ of: "[redacted]" });
});

test("a consumer gets its jobs as they are", async () => {
  await client.put(queue, { card: secret });
  for await (const job of client.consume(queue, { wait: 0 })) {
    expect(job.params).toEqual({ card: secret });
    await job.done();
  }
});
