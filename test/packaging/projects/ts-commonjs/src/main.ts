import { createClient, createWorker, type UserConfig } from "tandemq";
import { send } from "./tasks/mail.js";

const config: UserConfig = { tasks: "dist/tasks/*.js", queues: { mail: { mode: "raw" } }, logLevel: "silent" };

async function main(): Promise<void> {
  const worker = await createWorker(config);
  await worker.start();
  const client = await createClient(config);
  const job = await client.enqueue(send, { to: "ann" });
  const { sent } = await job.result({ timeout: "1m" });
  const again = await client.enqueue("mail.send", { to: sent }, { queue: "mail" });
  const result: { sent: string } = await again.result({ timeout: "1m" });
  console.log(result);
  await client.close();
  await worker.stop();
}

void main();
