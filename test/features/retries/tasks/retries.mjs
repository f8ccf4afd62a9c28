import { defineTask } from "tandemq";

/** Fails until its last attempt, then with all that it went through. */
const fails = (_params, job) => {
  throw new TypeError(`attempt ${job.attempt}`, { cause: new RangeError("the cause") });
};

export const plain = defineTask("retries.fails", fails);
export const byFunction = defineTask("retries.backoff", fails, { attempts: 3, backoff: (attempt) => attempt * 10 });
export const retried = defineTask("retries.retryIf", fails, { attempts: 2, retryIf: TypeError, backoff: () => 1 });
export const coded = defineTask("retries.neverRetry", fails, { attempts: 5, neverRetry: ["ECONNRESET", "TypeError"] });

export const again = defineTask("retries.again", ({ queue }, job) => {
  if (job.attempt === 1) job.retry({ delay: 10, queue, priority: 3 });
  job.abort(`attempt ${job.attempt} of ${job.attempts} in ${job.queue}`);
});

export const elsewhere = defineTask("retries.elsewhere", ({ queue }, job) => job.retry({ queue }), { attempts: 2 });

export const snoozed = defineTask("retries.snooze", (_params, job) => {
  if (job.deliveries < 3) job.snooze(10);
  job.abort(`attempt ${job.attempt}, delivery ${job.deliveries}`);
});

export const swallowed = defineTask("retries.swallow", (_params, job) => {
  try {
    job.abort("enough");
  } catch {
    return "never mind";
  }
});
