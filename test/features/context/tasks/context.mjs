import { appendFileSync, existsSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { currentJob, defineTask, InvalidParamsError } from "tandemq";

/** What a run has to tell in a queue that keeps no results: it fails with it. */
const tell = (value) => {
  throw Object.assign(new Error(JSON.stringify(value)), { name: "Told" });
};

export const talk = defineTask("context.talk", async (_params, job) => {
  job.log.info("hello", { half: "\ud83d", "nul\u0000": "\u0000" });
  job.log.debug("aside");
  job.log.warn("NUL \u0000 and half \ud83d");
  tell({});
});

export const chatter = defineTask("context.chatter", async ({ lines }, job) => {
  for (let i = 1; i <= lines; i++) job.log.info(`line ${i}`);
  tell({});
});

export const advance = defineTask("context.advance", async (_params, job) => {
  await job.progress(0.25);
  await job.progress({ done: 3, of: 4 });
  const refused = [];
  for (const bad of [2, -1, "half", null, [1], { bad: Number.NaN }, { long: "x".repeat(20_000) }]) {
    await job.progress(bad).catch((error) => refused.push(error instanceof InvalidParamsError));
  }
  tell({ refused });
});

export const slow = defineTask("context.slow", async (_params, job) => {
  await job.progress({ phase: "waiting" });
  job.log.info("I wait");
  await pause(600_000, undefined, { signal: job.signal });
});

export const below = defineTask("context.below", async (_params, job) => {
  const found = [currentJob() === job];
  await pause(1);
  found.push(currentJob() === job);
  await new Promise((resolve) => setTimeout(() => resolve(found.push(currentJob() === job)), 1));
  await job.map([1, 2], async () => found.push((await pause(1), currentJob() === job)));
  tell({ found, key: job.idempotencyKey });
});

export const parent = defineTask("context.parent", async ({ queue }, job) => {
  const one = await job.enqueue("context.child", { n: 1 }, { queue, delay: "1h", once: "first" });
  const same = await job.enqueue("context.child", { n: 1 }, { queue, delay: "1h", once: "first" });
  const many = await job.enqueueMany(child, [{ n: 2 }, { n: 3 }], { queue, delay: "1h", tags: ["few"] });
  const wrong = await job.enqueue("context.child", {}, { queue: "nowhere" }).catch(({ code }) => code);
  tell({ ids: [one, ...many].map(({ id }) => id), same: one.id === same.id, wrong });
});

/** Each with a queue, a name and a tag of its own; and lists that are refused as a whole. */
export const many = defineTask(
  "context.many",
  async ({ queues }, job) => {
    await job.enqueueMany(
      child,
      queues.map((_queue, n) => ({ n })),
      ({ n }, index) => ({ queue: queues[index], delay: "1h", once: `child ${n}`, tags: [`tag ${n}`] }),
    );
    const refused = [];
    const note = ({ code, message }) => refused.push(code, message);
    await job.enqueueMany(checked, [{ at: "2026-05-04" }, { at: "never" }], { queue: queues[0] }).catch(note);
    await job.enqueueMany(child, [{ n: 1 }, { n: 2 }], { queue: queues[0], once: "all" }).catch(note);
    tell({ refused });
  },
  { attempts: 2, backoff: { type: "fixed", delay: 1 } },
);

export const twice = defineTask(
  "context.twice",
  async ({ queue }, job) => {
    await job.enqueue("context.child", { n: job.attempt }, { queue, delay: "1h", once: "the child" });
    tell({});
  },
  { attempts: 2, backoff: { type: "fixed", delay: 1 } },
);

/** Its second attempt comes when the job that the first one enqueued is over. */
export const heir = defineTask(
  "context.heir",
  async ({ queue, file }, job) => {
    while (job.attempt > 1 && !existsSync(file)) await pause(5);
    if (job.attempt > 1) await pause(50);
    await job.enqueue("context.mark", { file }, { queue, once: "the child" });
    if (job.attempt > 1) await job.enqueue("context.mark", { file: `${file}.last` }, { queue });
    tell({});
  },
  { attempts: 2, backoff: { type: "fixed", delay: 1 } },
);

export const mark = defineTask("context.mark", ({ file }) => appendFileSync(file, "x"));

export const child = defineTask("context.child", async ({ n }) => ({ n }));

export const mapped = defineTask("context.mapped", async (_params, job) => {
  let most = 0;
  let running = 0;
  const work = async (n) => {
    most = Math.max(most, ++running);
    await pause(n % 3);
    running--;
    return n * 2;
  };
  const doubled = await job.map([1, 2, 3, 4, 5, 6], work, { concurrency: 3 });
  const streamed = [];
  for await (const n of job.stream([1, 2, 3], work, { concurrency: 2 })) streamed.push(n);
  tell({ doubled, streamed, most });
});

export const layered = defineTask("context.layered", (_params, job) => tell({ meta: job.meta }));

export const checked = defineTask("context.checked", ({ at }) => tell({ year: at.getFullYear() }), {
  attempts: 3,
  backoff: { type: "fixed", delay: 1 },
  schema: {
    "~standard": {
      version: 1,
      vendor: "test",
      validate: (params) => {
        const at = new Date(params.at);
        if (!Number.isNaN(at.getTime())) return { value: { at } };
        return { issues: [{ message: "expected a date", path: ["at"] }] };
      },
    },
  },
});

export const hooked = defineTask("context.hooked", () => tell({}), {
  onFailed: async (error, job) => {
    await job.enqueue("context.child", { failed: error.name }, { queue: job.params.queue, delay: "1h" });
  },
});
