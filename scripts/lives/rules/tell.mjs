/** A sentence about one job, with all that is known of it. */
export function tell(life, what) {
  const comings = life.comings.map(({ op, n, created, outcome, options, tried, ok }) => {
    return { op, n, created, outcome, options, tried, ok };
  });
  const runs = life.runs.map(({ start, end, how, fate, queue, attempt, attempts, deliveries, n, v }) => {
    return { start, end, how, fate, queue, attempt, attempts, deliveries, n, v };
  });
  const deeds = life.deeds.filter(({ isWide, answer }) => !isWide || answer?.done > 0);
  return `${what}: ${JSON.stringify({ id: life.id, comings, runs, deeds })}`;
}

export const deedsOf = ({ deeds }, ...ops) => deeds.filter(({ op }) => ops.includes(op));

/** It was where it was added, in one life, as far as its programs know. */
export function isUntouched(life) {
  return deedsOf(life, "move", "remove", "requeue").length === 0 && !life.runs.some(({ fate }) => fate === "elsewhere");
}

export const isTimed = ({ comings }) => comings.some(({ options }) => options?.queue?.endsWith("/timed"));

export function groupBy(list, keyOf) {
  const groups = new Map();
  for (const item of list) {
    const key = keyOf(item);
    if (key === undefined) continue;
    if (groups.has(key)) groups.get(key).push(item);
    else groups.set(key, [item]);
  }
  return groups;
}
