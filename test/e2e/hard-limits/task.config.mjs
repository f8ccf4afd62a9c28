const modes = ["regular", "raw", "no-storage"];

/** The same limit at a task. */
export default {
  tasks: ["tasks/*.mjs"],
  worker: { killAfter: 200 },
  queues: Object.fromEntries(modes.map((mode) => [mode, mode])),
};
