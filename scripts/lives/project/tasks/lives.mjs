import { defineBatchTask, defineTask } from "tandemq";
import { Story } from "../../story.mjs";
import { fates } from "../fates.mjs";

const story = new Story(process.env.LIVES_STORY, "task");
const attempts = { attempts: 3, backoff: { type: "fixed", delay: "60ms", jitter: 0.3 } };
const group = ({ group }) => group;

/** Writes the START of a run, does what its params say for this attempt, writes its END. */
async function live(params, job) {
  const { n, v, fates: told = ["ok"], ms = 5, again } = params;
  const fate = told[Math.min(job.attempt, told.length) - 1];
  const { id, path, queue, attempt, attempts, deliveries } = job;
  story.tell("START", { n, v, id, path, queue, group: params.group, fate, attempt, attempts, deliveries });
  try {
    const result = await fates[fate](ms, job, params, story);
    if (again && Math.random() < 0.7) job.again(again);
    story.tell("END", { id, n, how: job.signal.aborted ? `late ${why(job)}` : "ok", fate });
    return result;
  } catch (error) {
    story.tell("END", { id, n, how: job.signal.aborted ? `signal ${why(job)}` : `thrown ${error?.code}`, fate });
    throw error;
  }
}

const why = ({ signal: { reason } }) => reason?.code ?? reason?.name;

const asError = (thrown) => (thrown instanceof Error ? thrown : new Error(String(thrown)));

export const run = defineTask("lives.run", live, attempts);
export const two = defineTask("lives.two", live, { ...attempts, limit: { key: group, concurrency: 2 } });
export const paced = defineTask("lives.paced", live, { ...attempts, limit: { key: group, max: 4, per: "300ms" } });
export const both = defineTask("lives.both", live, {
  ...attempts,
  limit: [
    { key: group, concurrency: 1 },
    { max: 10, per: "400ms" },
  ],
});
/** A worker without child processes does not start with an isolated task. */
export const alone = defineTask("lives.alone", live, { ...attempts, isolate: process.env.LIVES_INLINE !== "1" });
export const batch = defineBatchTask(
  "lives.batch",
  (jobs) => Promise.all(jobs.map(({ params, job }) => live(params, job).catch(asError))),
  { ...attempts, size: 5, wait: "30ms" },
);
