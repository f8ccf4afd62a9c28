import { createClient, createWorker } from "tandemq";
import { count } from "./tasks/reports.js";

const worker = await createWorker(undefined, { logTo: process.stderr });
worker.on("settle", ({ claim }, { status }) => console.error(claim.path, status));
await worker.start();

const client = await createClient();
const job = await client.enqueue(count, { words: "one two three" });
console.log(await job.result({ timeout: "20s" }));

await client.close();
await worker.stop();
