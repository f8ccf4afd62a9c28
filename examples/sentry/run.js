import { createClient } from "tandemq";
import { charge } from "./tasks/charge.js";

const client = await createClient();
const job = await client.enqueue(charge, { card: "4000" });
await job.result({ timeout: "20s" }).catch((error) => console.log(error.message.replace(job.id, "ID")));

await client.close();
