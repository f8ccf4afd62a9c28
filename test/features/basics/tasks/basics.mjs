import { defineTask } from "tandemq";

export const echo = defineTask("basics.echo", (params) => params);

export const last = defineTask("basics.last", (_params, job) => {
  if (job.attempt < job.attempts) throw new Error(`attempt ${job.attempt} fails`);
  return { attempt: job.attempt };
});

export const fails = defineTask("basics.fails", ({ message }) => {
  throw new RangeError(message);
});
