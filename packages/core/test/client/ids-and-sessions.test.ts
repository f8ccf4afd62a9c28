import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { Client, createMemoryDeployment, newJobId } from "../../src/index.js";

let client: Client;
beforeEach(() => {
  client = new Client(createMemoryDeployment());
});
afterEach(() => client.close());

test("a job enqueued twice with one id is one job", async () => {
  const id = newJobId();
  const first = await client.enqueue("a.task", { n: 1 }, { id });
  expect(await client.enqueue("a.task", { n: 2 }, { id })).toMatchObject({ id: first.id, created: true });
  expect(await client.jobs()).toMatchObject([{ id, params: { n: 1 } }]);
});

test("ids that are none, or one for many jobs, are refused", async () => {
  await expect(client.enqueue("a.task", {}, { id: "42" })).rejects.toThrow("24 hexadecimal digits");
  const many = client.enqueueMany("a.task", [{}, {}], { id: newJobId() });
  await expect(many).rejects.toThrow("one id for many jobs");
  const ids = [newJobId(), newJobId()];
  const jobs = await client.enqueueMany("a.task", [{}, {}], (_, i) => ({ id: ids[i] ?? "" }));
  expect(jobs.map(({ id }) => id)).toEqual(ids);
});

test("sessions are refused where there are no transactions, and where they have none", async () => {
  const session = { inTransaction: () => true };
  const enqueue = client.enqueue("a.task", {}, { session });
  await expect(enqueue).rejects.toMatchObject({ code: "NOT_SUPPORTED", message: expect.stringContaining("MongoDB") });
  await expect(client.enqueue("a.task", {}, { session: { inTransaction: () => false } })).rejects.toThrow(
    "in progress",
  );
  await expect(client.enqueueMany("a.task", [{}], () => ({ session }))).rejects.toThrow("once for all jobs");
  const replace = client.enqueue("a.task", {}, { session, key: "k", onDuplicate: "replace" });
  await expect(replace).rejects.toThrow("onDuplicate");
});
