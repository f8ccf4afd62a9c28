/**
 * The runs of every job: each START with the END or FAIL that the same process wrote next for that job.
 *
 * @returns {Map<number, object[]>} by the job's number, each list in the order of the starts
 */
export function runsOf(records) {
  const runs = new Map();
  for (const record of records) {
    if (record.verb === "START") begin(runs, record);
    else if (record.verb === "END" || record.verb === "FAIL") finish(runs, record);
  }
  return runs;
}

function begin(runs, { number, at, pid, id, attempt, deliveries }) {
  const list = runs.get(number) ?? [];
  list.push({ number, start: at, pid, id, attempt, deliveries });
  runs.set(number, list);
}

function finish(runs, { number, at, pid, verb }) {
  const run = runs.get(number)?.findLast((one) => one.pid === pid && one.end === undefined);
  if (!run) return;
  run.end = at;
  run.ended = verb === "END";
}
