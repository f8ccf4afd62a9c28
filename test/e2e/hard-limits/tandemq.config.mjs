const modes = ["regular", "raw", "no-storage"];

/** Queues with a hard limit, which only child processes can keep. */
export default {
  tasks: ["tasks/plain.mjs"],
  worker: { killAfter: 200 },
  queues: Object.fromEntries(modes.map((mode) => [mode, { mode, hardTimeout: 100 }])),
};
