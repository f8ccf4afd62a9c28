import { createClient } from "tandemq";

const client = await createClient();

// Debounce: runs once, so long after the last call, with what the last call said.
const debounce = { key: "home", delay: "1s", onDuplicate: "replace" };
const first = await client.enqueue("site.index", { page: "home, draft" }, debounce);
const last = await client.enqueue("site.index", { page: "home" }, debounce);
console.log(first.outcome, last.outcome, await last.result({ timeout: "30s" }));

// Throttle: at most once in so long; calls in between are answered with the job that waits.
const throttle = { key: "news", delay: "1s" };
const news = await client.enqueue("site.index", { page: "news" }, throttle);
const again = await client.enqueue("site.index", { page: "news" }, throttle);
console.log(news.outcome, again.outcome, again.id === news.id);

// Once in ten minutes: the key stays taken for so long, also when the job is over.
const once = { key: { value: "digest", for: "10m" } };
const digest = await client.enqueue("site.index", { page: "digest" }, once);
console.log(await digest.result({ timeout: "30s" }));
const tooSoon = await client.enqueue("site.index", { page: "digest" }, once);
console.log(tooSoon.outcome, (await tooSoon.get()).status, tooSoon.id === digest.id);

// A job that nobody needs after ten seconds.
const search = await client.enqueue("site.index", { page: "search" }, { startBy: "10s" });
console.log(await search.result({ timeout: "30s" }));

// Sorted: the lowest score first.
const ranked = await client.enqueue("site.index", { page: "top" }, { queue: "ranking", score: 1.5 });
console.log(await ranked.result({ timeout: "30s" }));

// Timed: the entry is its key, and adding it again moves it.
const crawl = { queue: "crawl", key: "https://example.org/" };
await client.enqueue("site.visit", { url: "https://example.org/" }, { ...crawl, delay: "1h" });
const moved = await client.enqueue("site.visit", { url: "https://example.org/", gone: true }, crawl);
console.log(moved.outcome, await moved.result({ timeout: "30s" }));

// Bare texts, which the queue's factory turns into jobs.
console.log(await client.enqueueMembers("urls", ["https://a.example/", "https://b.example/"]));

// Very many jobs, a thousand in memory at a time.
function* pages() {
  for (let i = 0; i < 5000; i++) yield { page: `page ${i}` };
}
const sums = await client.enqueueAll("site.index", pages(), { queue: "views", onProgress: ({ taken }) => taken });
console.log(sums);

// A no-storage queue that keeps its successes as documents has results.
const view = await client.enqueue("site.index", { page: "counted" }, { queue: "views", priority: 1 });
console.log(await view.result({ timeout: "30s" }));

await client.close();
