const modes = ["regular", "raw", "no-storage"];

/** Queues of each mode, by pattern; the worker leaves those below `…-hand/` to consumers. */
export default {
  tasks: ["tasks/*.mjs"],
  queues: Object.fromEntries(
    modes.flatMap((mode) => [
      [`${mode}/*`, mode],
      [`${mode}-hand/*`, mode],
    ]),
  ),
};
