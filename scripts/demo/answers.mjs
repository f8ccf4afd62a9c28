import { readFile } from "node:fs/promises";

const page = 1000;

/** What the jobs of a queue that keeps results came to, read back from the store. */
export async function readStored(client, queue, handles) {
  const jobs = [];
  for (let at = 0; at < handles.length; at += page) {
    const ids = handles.slice(at, at + page).map(({ id }) => id);
    jobs.push(...(await client.jobs({ queue, ids, limit: page })));
  }
  return jobs;
}

export function answersOf(jobs) {
  return jobs
    .filter(({ status }) => status === "success")
    .map(({ params, result }) => ({ file: params.file, sha256: result.sha256 }));
}

/** What the tasks of the no-storage queue wrote themselves. */
export async function readWritten(file) {
  const lines = (await readFile(file, "utf8").catch(() => "")).split("\n");
  return lines.filter((line) => line !== "").map((line) => JSON.parse(line));
}

/** Waiting and running times in milliseconds, from the documents of finished jobs. */
export function timesOf(jobs) {
  const ended = jobs.filter(({ startedAt, finishedAt }) => startedAt && finishedAt);
  return {
    wait: percentiles(ended.map((job) => job.startedAt - job.queuedAt)),
    run: percentiles(ended.map((job) => job.finishedAt - job.startedAt)),
  };
}

function percentiles(values) {
  const sorted = values.sort((a, b) => a - b);
  const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
  return { p50: at(0.5), p95: at(0.95) };
}
