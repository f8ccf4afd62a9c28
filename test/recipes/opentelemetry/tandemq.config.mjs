/** The recipe of the examples, with a queue of each mode. Stores and prefix come from the environment. */
export default {
  tasks: ["tasks/*.mjs"],
  middleware: "../../../examples/opentelemetry/middleware.js",
  queues: { regular: "regular", raw: "raw", "no-storage": "no-storage" },
};
