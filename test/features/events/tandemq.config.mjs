/** Stores and prefix come from the environment: every cell has its own. */
const modes = ["regular", "raw", "no-storage"];

export default {
  tasks: ["tasks/*.mjs"],
  queues: Object.fromEntries(modes.map((mode) => [`${mode}/*`, mode])),
  worker: { concurrency: 10 },
};
