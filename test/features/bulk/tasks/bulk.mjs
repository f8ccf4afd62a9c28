import { defineTask } from "tandemq";

export const echo = defineTask("bulk.echo", (params) => params);

export const picky = defineTask("bulk.picky", ({ good }, job) => {
  if (!good) throw new RangeError(`attempt ${job.attempt} is no good`);
});
