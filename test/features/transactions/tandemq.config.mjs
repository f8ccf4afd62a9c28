/** Queues of each mode, by pattern. Stores and prefix come from the environment: every cell has its own. */
export default {
  tasks: ["tasks/*.mjs"],
  queues: Object.fromEntries(
    ["regular", "raw", "no-storage"].flatMap((mode) => [
      [`${mode}/*`, mode],
      [`${mode}/lifo-*`, { mode, order: "lifo" }],
    ]),
  ),
};
