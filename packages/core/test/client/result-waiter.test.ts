import { expect, test } from "@jest/globals";
import { Client, ClosedError, createMemoryDeployment } from "@tandemq/core";

async function client(): Promise<Client> {
  const deployment = createMemoryDeployment();
  await deployment.start();
  return new Client(deployment);
}

test("a result that is there is found however many others begin to wait meanwhile", async () => {
  const one = await client();
  const over = await one.enqueue("a.task", {});
  await over.cancel();
  const delayed = await one.enqueue("a.task", {}, { delay: "1h" });
  const others = setInterval(() => void delayed.finished().catch(() => undefined), 2);
  try {
    expect(await over.finished({ timeout: "1m" })).toMatchObject({ status: "cancel" });
  } finally {
    clearInterval(others);
    await one.close();
  }
});

test("a wait that begins when the client is closed is refused, not kept for ever", async () => {
  const one = await client();
  const handle = await one.enqueue("a.task", {});
  await one.close();
  await expect(handle.result({ timeout: "5s" })).rejects.toBeInstanceOf(ClosedError);
});
