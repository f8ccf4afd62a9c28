/** Queues of each mode and of each order, by pattern. Stores and prefix come from the environment: every cell has its own. */
const shapes = {
  "set-": { kind: "set" },
  "sorted-": { kind: "sorted" },
  "timed-": { kind: "timed" },
  "again-": { kind: "timed", again: "1h" },
  "members-": { factory: turn },
};

function turn(member) {
  const { file, text } = JSON.parse(member);
  return { path: "queueing.note", params: { file, text } };
}

const plain = (mode) => [
  [`${mode}/*`, mode],
  [`${mode}/lifo-*`, { mode, order: "lifo" }],
];

const shaped = (mode) => Object.entries(shapes).map(([name, shape]) => [`${mode}/${name}*`, { mode, ...shape }]);

export default {
  tasks: ["tasks/*.mjs"],
  queues: Object.fromEntries([
    ...["regular", "raw", "no-storage"].flatMap(plain),
    ...["raw", "no-storage"].flatMap(shaped),
    ["no-storage/stored-*", { mode: "no-storage", store: ["success"] }],
  ]),
};
