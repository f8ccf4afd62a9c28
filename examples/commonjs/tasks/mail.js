const { setTimeout: pause } = require("node:timers/promises");
const { defineTask } = require("tandemq");

exports.send = defineTask(
  "mail.send",
  async ({ to }, job) => {
    await pause(10, undefined, { signal: job.signal });
    return { sent: to };
  },
  { queue: "mail", attempts: 3 },
);
