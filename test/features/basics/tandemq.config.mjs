/** Queues of each mode, by pattern. Stores and prefix come from the environment: every cell has its own. */
export default {
  tasks: ["tasks/*.mjs"],
  taskOptions: {
    "basics.conf*": { attempts: 1 },
    "basics.configured": { attempts: 3, backoff: { type: "fixed", delay: 10 } },
  },
  queues: { "regular/*": "regular", "raw/*": "raw", "no-storage/*": "no-storage" },
};
