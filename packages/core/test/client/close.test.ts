import { setTimeout as pause } from "node:timers/promises";
import { expect, test } from "@jest/globals";
import { Client, ClosedError, createMemoryDeployment, type Deployment } from "@tandemq/core";

/** A deployment whose stores take a moment to say how a queue is served, and whose brokers refuse when it is closed. */
async function slow(): Promise<Deployment> {
  const deployment = createMemoryDeployment();
  await deployment.start();
  const route = deployment.route.bind(deployment);
  let isClosed = false;
  const closed = deployment.close.bind(deployment);
  deployment.route = async (queue) => {
    await pause(20);
    if (isClosed) throw new ClosedError("the deployment");
    return route(queue);
  };
  deployment.close = () => {
    isClosed = true;
    return closed();
  };
  return deployment;
}

test("closing waits for enqueues that are under way, the first of a queue included", async () => {
  const client = new Client(await slow());
  const adding = [
    client.enqueue("a.task", {}, { queue: "one" }),
    client.enqueueMany("a.task", [{}, {}], { queue: "two" }),
  ];
  await client.close();
  const [one, many] = await Promise.all(adding);
  expect(one).toMatchObject({ queue: "one", created: true });
  expect(many).toHaveLength(2);
  await expect(client.enqueue("a.task", {})).rejects.toBeInstanceOf(ClosedError);
});
