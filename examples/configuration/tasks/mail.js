import { defineTask } from "tandemq";

export const send = defineTask("mail.send", ({ to }, job) => {
  if (job.attempt < 3) throw new Error("the mail server is busy");
  return `${String(to)}: sent at attempt ${job.attempt} of ${job.attempts}, from queue ${job.queue}`;
});
