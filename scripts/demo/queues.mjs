/** The demo's queues, one of each mode. */
export const demoQueues = [
  { queue: "demo-regular", stored: "every job and result, in MongoDB" },
  { queue: "demo-raw", stored: "every started job and its result, in MongoDB" },
  { queue: "demo-no-storage", stored: "counts only; the task wrote its results itself" },
];

const failures = ["failed", "timeout", "maxretries", "abort", "expired"];

/** How many jobs of each queue are over. */
export async function readProgress(client, total, before) {
  const rows = [];
  for (const { queue } of demoQueues) {
    const counts = await client.queue(queue).counts();
    const start = before.get(queue) ?? { success: 0, failed: 0 };
    const success = counts.success - start.success;
    const failed = failures.reduce((sum, status) => sum + counts[status], 0) - start.failed;
    rows.push({ queue, total, done: success + failed, success, failed });
  }
  return rows;
}
