/** Who keeps what, and when a claim or an outcome counts as acknowledged: printed with every result. */
const promises = {
  bullmq: "waiting and finished jobs in Redis; acknowledged in Redis' memory; a job whose worker died runs again",
  "bee-queue": "waiting and finished jobs in Redis; acknowledged in Redis' memory; a job whose worker died runs again",
  agenda: "waiting and finished jobs in MongoDB, no results; acknowledged by the driver's default, w: majority",
  celery:
    "waiting jobs in Redis, results off; acknowledged before it runs (its default): a job whose worker died may be lost",
  rq: "waiting jobs in Redis, no results kept; acknowledged in Redis' memory; a process of its own for each job",
  bare: "two steps in Redis' memory and nothing else",
  "no-storage":
    "waiting jobs in Redis, finished ones nowhere; acknowledged in Redis' memory; a job whose worker died runs again",
  raw: "waiting jobs in Redis, finished ones in MongoDB; an outcome is journaled by a majority; a job whose worker died runs again",
  regular:
    "all in MongoDB; enqueue and outcome journaled by a majority, claims w: 1; a job whose worker died runs again",
};

/** Those of the peers with these names. */
export const promisesOf = (names) =>
  Object.fromEntries(Object.entries(promises).filter(([name]) => names.includes(name)));
