import { createClient } from "tandemq";
import { thumbnail } from "./tasks/thumbnails.js";

const client = await createClient();
const job = await client.enqueue(thumbnail, { file: "cat.jpg", width: 200 });
console.log(await job.result({ timeout: "30s" }));
await client.close();
