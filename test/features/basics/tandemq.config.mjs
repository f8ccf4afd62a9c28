/** Queues of each mode, by pattern; the worker leaves those below `…-hand/` to consumers. Stores and prefix come from the environment: every cell has its own. */
export default {
  tasks: ["tasks/*.mjs"],
  taskOptions: {
    "basics.conf*": { attempts: 1 },
    "basics.configured": { attempts: 3, backoff: { type: "fixed", delay: 10 } },
  },
  queues: Object.fromEntries(
    ["regular", "raw", "no-storage"].flatMap((mode) => [
      [`${mode}/*`, mode],
      [`${mode}-hand/*`, mode],
    ]),
  ),
};
