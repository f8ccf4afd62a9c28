const modes = ["regular", "raw", "no-storage"];

/** Queues of each mode, by pattern; those below `…-own/` are for workers that a test starts itself. */
export default {
  tasks: ["tasks/*.mjs"],
  worker: { maxLost: 1, killAfter: 200 },
  queues: Object.fromEntries(
    modes.flatMap((mode) => [
      [`${mode}/*`, mode],
      [`${mode}-own/*`, mode],
    ]),
  ),
};
