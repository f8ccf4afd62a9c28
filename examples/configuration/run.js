import { createClient } from "tandemq";

const client = await createClient();
const job = await client.enqueue("mail.send", { to: "ann@example.org" });
console.log(await job.result({ timeout: "30s" }));
await client.close();
