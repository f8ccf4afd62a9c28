import { defineTask } from "tandemq";

export const echo = defineTask("basics.echo", (params) => params);

export const last = defineTask("basics.last", (_params, job) => {
  if (job.attempt < job.attempts) throw new Error(`attempt ${job.attempt} fails`);
  return { attempt: job.attempt };
});

export const fails = defineTask("basics.fails", ({ message }) => {
  throw new RangeError(message);
});

/** The configuration gives it three attempts. */
export const configured = defineTask(
  "basics.configured",
  (_params, job) => {
    if (job.attempts !== 3 || job.attempt < 3) throw new Error(`attempt ${job.attempt} of ${job.attempts} fails`);
  },
  { attempts: 2 },
);

/** No task: a function among the exports of a file that the globs name. */
export const bare = ({ n }, job) => {
  if (n !== 1 || job.path !== "tasks/basics#bare") throw new Error(`${job.path} got ${n}`);
};
