import type { IndexDescription } from "mongodb";

type NamedIndex = IndexDescription & { readonly name: string };

/**
 * Indexes that hot look-ups name, so that no plan is tried out or remembered: a plan chosen while little waits would
 * sort everything once much does.
 */
export const indexOf = {
  line: "tandemq_line",
  next: "tandemq_next",
  look: "tandemq_look",
  stack: "tandemq_stack",
} as const;

/** The index of claims by its key: `findOneAndUpdate` takes no name. */
export const lineKey = { queue: 1, priority: -1, front: -1, due: 1 } as const;

/** The index of claims on queues whose last job comes first: read from its end. */
export const stackKey = { queue: 1, priority: 1, front: 1, due: 1 } as const;

/** For jobs; each for the look-ups that its comment names. */
export const jobIndexes: readonly NamedIndex[] = [
  {
    // Claims, and the head of a queue. Started jobs stand in it with their lease, and are skipped by it.
    name: indexOf.line,
    key: lineKey,
    partialFilterExpression: { due: { $exists: true } },
  },
  {
    // Claims on LIFO queues, whose jobs alone stand in it.
    name: indexOf.stack,
    key: stackKey,
    partialFilterExpression: { due: { $exists: true }, lifo: true },
  },
  {
    // When will the next job of these queues come due? One key per queue.
    name: indexOf.next,
    key: { queue: 1, due: 1 },
    partialFilterExpression: { due: { $exists: true } },
  },
  {
    // Counts (from the index alone) and lists of a queue.
    name: indexOf.look,
    key: { queue: 1, status: 1, queuedAt: -1, raw: 1 },
  },
  {
    // Lists of a task's jobs. Never changes after the insert.
    name: "tandemq_path",
    key: { path: 1, queuedAt: -1 },
  },
  {
    // The children of a job. Only they stand in it.
    name: "tandemq_parent",
    key: { parent: 1 },
    partialFilterExpression: { parent: { $exists: true } },
  },
  {
    name: "tandemq_held",
    key: { queue: 1, held: 1 },
    unique: true,
    partialFilterExpression: { held: { $exists: true } },
  },
  {
    name: "tandemq_delete",
    key: { deleteAt: 1 },
    expireAfterSeconds: 0,
    partialFilterExpression: { deleteAt: { $exists: true } },
  },
];

/** What is to be relayed, the longest waiting first. */
export const outboxIndexes: readonly NamedIndex[] = [{ name: "tandemq_due", key: { due: 1 } }];

export const workerIndexes: readonly NamedIndex[] = [
  { name: "tandemq_expire", key: { expiresAt: 1 }, expireAfterSeconds: 0 },
];

export const limitIndexes: readonly NamedIndex[] = [
  { name: "tandemq_expire", key: { expiresAt: 1 }, expireAfterSeconds: 0 },
];

export const limitWaitIndexes: readonly NamedIndex[] = [
  ...limitIndexes,
  {
    // Who waits longest for a place?
    name: "tandemq_line",
    key: { limit: 1, since: 1 },
    partialFilterExpression: { since: { $exists: true } },
  },
];

export const logIndexes: readonly NamedIndex[] = [
  { name: "tandemq_job", key: { job: 1, at: 1 } },
  { name: "tandemq_delete", key: { deleteAt: 1 }, expireAfterSeconds: 0 },
];
