/** Queues of each mode, by pattern. Stores and prefix come from the environment: every cell has its own. */
export default {
  tasks: ["tasks/*.mjs"],
  queues: { "regular/*": "regular", "raw/*": "raw", "no-storage/*": "no-storage" },
};
