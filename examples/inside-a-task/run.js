import { createClient } from "tandemq";
import { publish } from "./tasks/albums.js";

const client = await createClient();
const job = await client.enqueue(publish, { album: "summer", pictures: ["a.jpg", "bb.jpg", "ccc.jpg"] });

for await (const progress of job.progress()) console.log("progress", progress);
console.log("result", await job.result({ timeout: "20s" }));

const children = await client.children(job.id);
console.log("children", children.map(({ path }) => path).sort());

for await (const { level, message } of client.tail(job.id, { queue: "albums", level: "info" })) {
  console.log(level, message);
  break;
}

await client.close();
