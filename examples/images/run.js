import { createClient } from "tandemq";

const client = await createClient();
const job = await client.enqueue("images.resize", { file: "cat.jpg", width: 200 }, { queue: "images" });
console.log(await job.result({ timeout: "30s" }));

const failed = await client.jobs({ status: ["failed", "maxretries"], limit: 20 });
await client.requeue(failed);

const images = client.queue("images");
const { queued, success } = await images.counts();
console.log({ queued, success }, await images.head(5));
await images.pause();
await images.resume();
await client.close();
