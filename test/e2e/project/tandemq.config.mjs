/** One queue of each mode, and patterns. Stores and prefix come from the environment: every test has its own. */
export default {
  tasks: ["tasks/*.mjs"],
  queues: {
    regular: "regular",
    raw: "raw",
    "no-storage": "no-storage",
    "regular/*": "regular",
    "raw/*": "raw",
    "no-storage/*": "no-storage",
  },
};
