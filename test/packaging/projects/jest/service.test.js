const { Client, createClient, createMemoryDeployment, defineTask } = require("tandemq");

const send = defineTask("mail.send", ({ to }) => ({ sent: to }));

test("a service under test enqueues into memory", async () => {
  const client = new Client(createMemoryDeployment());
  await client.enqueue(send, { to: "ann" });
  expect(await client.jobs({ path: "mail.send" })).toMatchObject([{ params: { to: "ann" }, status: "queued" }]);
  await client.close();
});

test("and into real stores", async () => {
  const client = await createClient({ queues: { mail: "raw", default: "regular" } });
  for (const queue of ["mail", "default"]) {
    const job = await client.enqueue(send, { to: "ann" }, { queue });
    expect(await job.get()).toMatchObject({ status: "queued" });
  }
  await client.close();
});
