import { describe, expect, test } from "@jest/globals";
import { Client, createMemoryDeployment, type QueueMode } from "@tandemq/core";

function setUp(queues: Record<string, QueueMode>) {
  const deployment = createMemoryDeployment({ queues });
  return { deployment, client: new Client(deployment) };
}

describe("looking", () => {
  test("records no queue", async () => {
    const { deployment, client } = setUp({ mail: "raw" });
    expect(await client.jobs()).toEqual([]);
    expect(await client.job("6560c0ffee6560c0ffee6560")).toBeUndefined();
    const mail = client.queue("mail");
    expect([await mail.mode(), await mail.isPaused(), (await mail.counts()).queued]).toEqual(["raw", false, 0]);
    expect(await client.jobs({ queue: "mail" })).toEqual([]);
    expect(await deployment.registry.queues()).toEqual([]);
    await client.enqueue("mail.send", {}, { queue: "mail" });
    expect(await deployment.registry.queues()).toMatchObject([{ name: "mail", mode: "raw" }]);
  });

  test("goes by the record where the configuration says otherwise; enqueueing is refused", async () => {
    const { deployment, client } = setUp({ mail: "raw", other: "regular" });
    await deployment.registry.recordQueue({ name: "mail", mode: "regular", kind: "fifo" });
    const { id } = await client.enqueue("other.task", {}, { queue: "other" });
    const mail = client.queue("mail");
    expect([await mail.mode(), await mail.configuredMode()]).toEqual(["regular", "raw"]);
    expect(await client.jobs()).toMatchObject([{ id }]);
    expect(await client.job(id)).toMatchObject({ id });
    await expect(client.enqueue("mail.send", {}, { queue: "mail" })).rejects.toMatchObject({ code: "QUEUE_MISMATCH" });
  });
});
