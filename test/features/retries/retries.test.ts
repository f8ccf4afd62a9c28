import { expect } from "@jest/globals";
import type { EnqueueOptions, Job } from "@tandemq/core";
import { modes } from "../../e2e/support/site.js";
import { waitFor } from "../../support/wait-for.js";
import { unique } from "../../support/unique.js";
import { type Cell, featureGroup } from "../support/feature.js";

/** Enqueues the job and returns it when it is over: every one here ends without success, and is kept in every mode. */
async function over(cell: Cell, path: string, params: object = {}, options: EnqueueOptions = {}): Promise<Job> {
  const queue = options.queue ?? cell.queue();
  const { id } = await cell.client.enqueue(path, params, { ...options, queue });
  return ended(cell, id);
}

function ended({ client }: Cell, id: string): Promise<Job> {
  const status = ["failed", "timeout", "maxretries", "cancel", "abort"] as const;
  return waitFor("the job is over", async () => (await client.jobs({ ids: [id], status }))[0]);
}

/** A job leaves its queue after it has come to the next one, and may have run there by then. */
async function leaves({ client }: Cell, queue: string): Promise<void> {
  await waitFor("nothing is left of it", async () => {
    const { queued, started, retry } = await client.queue(queue).counts();
    return queued + started + retry === 0;
  });
}

featureGroup(
  "Retries",
  import.meta.url,
  (feature) => {
    for (const type of ["fixed", "linear", "exponential"] as const) {
      feature(`back-off: ${type}, with jitter and a cap`, async (cell) => {
        const backoff = { type, delay: 4, jitter: 0.5, max: 8 };
        const job = await over(cell, "retries.fails", {}, { attempts: 3, backoff });
        expect(job).toMatchObject({ status: "maxretries", attempt: 3, deliveries: 3, lost: 0 });
      });
    }

    feature("back-off: a function of the task", async (cell) => {
      expect(await over(cell, "retries.backoff")).toMatchObject({ status: "maxretries", attempt: 3 });
      const refused = cell.client.enqueue("retries.fails", {}, { queue: cell.queue(), backoff: (() => 1) as never });
      await expect(refused).rejects.toThrow("a function is an option of tasks only");
    });

    feature("the history of attempts, with stacks and causes", async (cell) => {
      const job = await over(cell, "retries.fails", {}, { attempts: 3, backoff: { type: "fixed", delay: 1 } });
      expect(job.history.map(({ attempt, status, error }) => [attempt, status, error?.message])).toEqual([
        [1, "retry", "attempt 1"],
        [2, "retry", "attempt 2"],
      ]);
      for (const error of [job.history[0]?.error, job.error]) {
        expect(error?.stack).toContain("retries.mjs");
        expect(error?.cause).toMatchObject({ name: "RangeError", stack: expect.stringContaining("retries.mjs") });
      }
    });

    feature("dead letters, and a redrive of one: its counters start again", async (cell) => {
      const queue = cell.queue();
      const dead = await over(cell, "retries.fails", {}, { queue, attempts: 2, backoff: { type: "fixed", delay: 1 } });
      await over(cell, "retries.swallow", {}, { queue });
      // What ended on purpose is no dead letter.
      expect(await cell.client.deadLetters({ queue })).toMatchObject([
        { id: dead.id, status: "maxretries", attempt: 2 },
      ]);
      expect(await cell.client.requeue([dead])).toEqual(["done"]);
      const again = await waitFor("its next life is over", async () => {
        const [job] = await cell.client.deadLetters({ queue });
        return job?.generation === 2 && job;
      });
      expect(again).toMatchObject({ id: dead.id, status: "maxretries", attempt: 2, deliveries: 2, lost: 0 });
      expect(again.history.map(({ attempt }) => attempt)).toEqual([1]);
    });

    feature("retryIf and neverRetry", async (cell) => {
      expect(await over(cell, "retries.retryIf")).toMatchObject({ status: "maxretries", attempt: 2 });
      expect(await over(cell, "retries.neverRetry")).toMatchObject({ status: "failed", attempt: 1 });
    });

    feature("job.retry, into another queue with another priority", async (cell) => {
      const [from, to] = [cell.queue(), cell.queue()];
      const job = await over(cell, "retries.again", { queue: to }, { queue: from, attempts: 2 });
      expect(job).toMatchObject({ status: "abort", attempt: 2, queue: to, priority: 3 });
      expect(job.error?.message).toBe(`attempt 2 of 2 in ${to}`);
      await leaves(cell, from);
    });

    feature("job.retry into a queue of another mode, where the job goes on", async (cell) => {
      const key = { value: "k", until: "finish" as const };
      for (const mode of modes.filter((one) => one !== cell.mode)) {
        const [from, to] = [cell.queue(), `${mode}/${unique("q")}`];
        const job = await over(cell, "retries.again", { queue: to }, { queue: from, attempts: 2, key, tags: ["t"] });
        expect(job).toMatchObject({ status: "abort", attempt: 2, queue: to, priority: 3, key, tags: ["t"] });
        expect(job.history).toMatchObject([{ attempt: 1, status: "retry" }]);
        expect(job.error?.message).toBe(`attempt 2 of 2 in ${to}`);
        await leaves(cell, from);
      }
    });

    feature("job.retry into a queue of another order fails the job, saying so", async (cell) => {
      const queue = `${cell.mode}/lifo-${unique("q")}`;
      const job = await over(cell, "retries.elsewhere", { queue });
      expect(job).toMatchObject({ status: "failed", error: { code: "NOT_SUPPORTED" } });
      expect(job.error?.message).toContain("(fifo)");
    });

    feature("job.snooze costs no attempt", async (cell) => {
      const job = await over(cell, "retries.snooze");
      expect(job).toMatchObject({ status: "abort", attempt: 1, deliveries: 3, lost: 0 });
      expect(job.error?.message).toBe("attempt 1, delivery 3");
    });

    feature("job.abort ends the job for good, even if it is swallowed", async (cell) => {
      const job = await over(cell, "retries.swallow", {}, { attempts: 5 });
      expect(job).toMatchObject({ status: "abort", attempt: 1, error: { message: "enough" } });
    });
  },
  ["regular/", "raw/", "no-storage/"],
);
