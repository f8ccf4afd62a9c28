/** Stores and prefix come from the environment: every cell has its own. */
const modes = ["regular", "raw", "no-storage"];

export default {
  tasks: ["tasks/*.mjs"],
  queues: Object.fromEntries(modes.map((mode) => [`${mode}/*`, mode])),
  // A slot for each job: what waits for one may be given back, and is claimed again.
  worker: { concurrency: 20 },
};
