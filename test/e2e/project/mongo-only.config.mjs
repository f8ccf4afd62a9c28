/** A deployment without Redis. */
export default { tasks: ["tasks/*.mjs"], queues: { regular: "regular" } };
