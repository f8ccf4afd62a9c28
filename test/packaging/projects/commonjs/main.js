const { createClient, createWorker } = require("tandemq");
const { send } = require("./tasks/mail.js");

async function main() {
  const worker = await createWorker();
  await worker.start();
  const client = await createClient();
  const job = await client.enqueue(send, { to: "ann" });
  console.log(await job.result({ timeout: "1m" }));
  await client.close();
  await worker.stop();
}

void main();
