/** Queues of each mode, by pattern. Stores and prefix come from the environment: every cell has its own. */
const mode = (name) => ({
  [`${name}/*`]: name,
  [`${name}/brisk-*`]: { mode: name, timeout: 30 },
});

export default {
  tasks: ["tasks/*.mjs"],
  queues: { ...mode("regular"), ...mode("raw"), ...mode("no-storage") },
  worker: { killAfter: 200 },
};
