import { setTimeout as sleep } from "node:timers/promises";
import { defineTask } from "tandemq";

class NotFound extends Error {}

/** Stands in for the network. */
async function get(url, attempt) {
  if (url.endsWith("/gone")) throw new NotFound(`no page ${url}`);
  if (attempt < 3) throw Object.assign(new Error("connection reset"), { code: "ECONNRESET" });
  return `page ${url}`;
}

export const crawl = defineTask("pages.crawl", async ({ url }, job) => get(url, job.attempt), {
  queue: "pages",
  attempts: 5,
  backoff: { type: "exponential", delay: "20ms", max: "1m", jitter: 0.2 },
  retryIf: ["ECONNRESET", "ETIMEDOUT", "TIMEOUT"],
  neverRetry: NotFound,
});

export const poll = defineTask("pages.poll", async ({ url }, job) => get(url, job.attempt), {
  queue: "pages",
  attempts: 5,
  backoff: (attempt, error) => (error.code === "ECONNRESET" ? attempt * 10 : "1m"),
});

export const report = defineTask(
  "reports.make",
  async ({ pages }, job) => {
    if (pages === 0) job.abort("there is nothing to report");
    if (pages > 100 && job.queue !== "slow") job.retry({ delay: "10ms", queue: "slow", priority: -5 });
    if (job.deliveries === 1) job.snooze("10ms");
    return { pages, queue: job.queue, attempt: job.attempt };
  },
  { attempts: 2 },
);

export const watch = defineTask(
  "pages.watch",
  async (_params, job) => {
    await sleep(3_600_000, undefined, { signal: job.signal });
  },
  { timeout: "2h", hardTimeout: "3h", isolate: true },
);
