import { createClient } from "tandemq";
import { call } from "./tasks/api.js";
import { add } from "./tasks/index.js";
import { bill, send } from "./tasks/mail.js";

const client = await createClient();
const results = async (jobs) => Promise.all(jobs.map((job) => job.result({ timeout: "30s" })));

const mails = await client.enqueueMany(send, [{ to: "ann@example.com" }, { to: "bob@example.org" }]);
console.log(await results(mails));

const bills = await client.enqueueMany(bill, [{ customer: "ann" }, { customer: "ann" }, { customer: "bob" }]);
console.log(await results(bills));

for (let i = 0; i < 6; i++) console.log(await (await client.enqueue(call, { account: "ann" })).result());

console.log(await results(await client.enqueueMany(add, [{ text: "one" }, { text: "three" }])));

const tree = client.queue("crawl/");
await tree.pause();
await client.enqueue("mail.send", { host: "example.com", to: "eve@example.com" }, { queue: "crawl/example.com" });
console.log("waiting in the tree:", (await tree.counts()).queued);
await tree.resume();
await client.untilIdle(["crawl/"], { timeout: "30s" });
console.log("waiting in the tree:", (await tree.counts()).queued);
await client.close();
