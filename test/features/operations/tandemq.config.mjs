/** Queues of each mode, by pattern. Stores and prefix come from the environment: every cell has its own. */
export default {
  tasks: ["tasks/*.mjs"],
  queues: { "regular/*": "regular", "raw/*": "raw", "no-storage/*": "no-storage" },
  redact: ["params.card", "result.token"],
  codec: {
    name: "reversed",
    encode: (text) => [...text].reverse().join(""),
    decode: (text) => [...text].reverse().join(""),
  },
  retention: { tasks: { "operations.fails": { failed: "1h" } } },
};
