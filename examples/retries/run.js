import { setTimeout as sleep } from "node:timers/promises";
import { createClient } from "tandemq";
import { crawl, poll, report, watch } from "./tasks/crawl.js";

const client = await createClient();
const wait = { timeout: "30s" };

const page = await client.enqueue(crawl, { url: "https://example.com/" });
console.log(await page.result(wait));

const gone = await client.enqueue(crawl, { url: "https://example.com/gone" });
const { status, error, attempt } = await gone.finished(wait);
console.log(status, error.message, `after attempt ${attempt}`);

const polled = await client.enqueue(poll, { url: "https://example.com/feed" });
const { history } = await polled.finished(wait);
for (const run of history) console.log(run.attempt, run.status, run.error.message);

const large = await client.enqueue(report, { pages: 500 });
const empty = await client.enqueue(report, { pages: 0 });
console.log((await empty.finished(wait)).status);
const moved = await client.handle({ id: large.id, queue: "slow" });
while (!(await moved.get())) await sleep(20); // until its first run has sent it there
console.log(await moved.result(wait));

const watching = await client.enqueue(watch, {});
await client.cancel(watching.id);
console.log((await watching.finished(wait)).status);

const dead = await client.deadLetters({ queue: "pages" });
console.log(dead.map((job) => job.status));
const redrive = client.action("requeue", { queue: "pages", status: ["failed"] }, { rate: { max: 100, per: "1s" } });
console.log((await redrive.result()).done);

await client.close();
