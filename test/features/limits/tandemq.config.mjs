const modes = ["regular", "raw", "no-storage"];
const narrow = { concurrency: 1, key: ({ host }) => host };

/** Queues of each mode, by pattern; those below `narrow/` run one job of a host at a time. */
export default {
  tasks: ["tasks/*.mjs"],
  queues: Object.fromEntries(
    modes.flatMap((mode) => [
      [`${mode}/*`, mode],
      [`${mode}/narrow/*`, { mode, limit: narrow }],
    ]),
  ),
};
