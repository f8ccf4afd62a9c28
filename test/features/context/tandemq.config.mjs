/** Queues of each mode, by pattern. Stores and prefix come from the environment: every cell has its own. */
export default {
  tasks: ["tasks/*.mjs"],
  middleware: "middleware.mjs",
  // A run that waits is soon reported, and given back soon when the worker stops.
  worker: { heartbeat: 200, drain: 100 },
  queues: { "regular/*": "regular", "raw/*": "raw", "no-storage/*": "no-storage" },
};
