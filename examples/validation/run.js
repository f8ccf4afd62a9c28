import { createClient } from "tandemq";
import { invite } from "./tasks/invite.js";

const client = await createClient();
const job = await client.enqueue(invite, { email: "ann@example.com", from: "2027-03-01" });
console.log(await job.result({ timeout: "20s" }));

await client.enqueue(invite, { email: "nobody", from: "2027-03-01" }).catch((error) => console.log(error.message));

const unchecked = await client.enqueue("invite", { email: "ann@example.com", from: "soon" });
await unchecked.result({ timeout: "20s" }).catch((error) => console.log(error.jobError.message));

await client.close();
