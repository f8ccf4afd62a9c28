import { runsOf } from "./runs.mjs";

/**
 * How long after a task's end its outcome may still be on its way. A job that ended on a victim earlier than this before
 * the fault had been settled, so that running it again would be a fault of the product.
 */
export const settleWindow = 1000;

/**
 * Joins the ledger with the faults that were injected and with what the stores hold at the end. Nothing in it is asked of
 * the product but `counts` and the failed jobs, and those are what it checks.
 *
 * @param records the ledger
 * @param faults `{ at, until, pids }`: the processes that a fault hit, from its beginning to its end (ms, monotonic)
 * @param counts the product's own counts per status, at rest
 * @param poison numbers of the jobs that are meant to be set aside
 * @param window how long an outcome may be on its way, milliseconds
 */
export function judge({ records, faults, counts, poison = new Set(), window = settleWindow }) {
  const tried = numbersOf(records, "TRY");
  const acknowledged = numbersOf(records, "OK");
  const ended = numbersOf(records, "END");
  const runs = runsOf(records);
  const twice = [...runs.values()].filter((list) => list.length > 1);
  const healthy = twice.filter((list) => !poison.has(list[0].number));
  const figures = {
    acknowledged: acknowledged.size,
    unacknowledged: tried.size - acknowledged.size,
    lost: [...acknowledged].filter((number) => !ended.has(number) && !poison.has(number)).length,
    twice: healthy.length,
    unexcused: healthy.filter((list) => !list.slice(1).every((_, i) => excused(list[i], faults, window))).length,
    overlaps: healthy.filter((list) => overlaps(list, faults)).length,
    phantoms: [...runs.keys()].filter((number) => !tried.has(number)).length,
    doubles: [...runs.values()].filter((list) => new Set(list.map((run) => run.id)).size > 1).length,
    setAside: Math.max(0, failuresIn(counts) - poison.size),
  };
  return { ...figures, violations: [...violations(figures), ...conservation(records, counts, poison)] };
}

function numbersOf(records, verb) {
  return new Set(records.filter((record) => record.verb === verb).map((record) => record.number));
}

/** Whether a run may be followed by another: it was in flight, or its outcome was, on a victim of a fault. */
export function excused(run, faults, window = settleWindow) {
  const hit = faults.filter((fault) => fault.pids.includes(run.pid));
  return hit.some((fault) => run.start <= fault.until && (run.end === undefined || run.end >= fault.at - window));
}

/** A run without an end ended when its process died. */
function overlaps(list, faults) {
  return list.slice(1).some((run, i) => run.start < (list[i].end ?? deathOf(list[i], faults)));
}

function deathOf({ pid, start }, faults) {
  return faults.find((fault) => fault.pids.includes(pid) && fault.until >= start)?.until ?? start;
}

function failuresIn({ failed = 0, timeout = 0, maxretries = 0, abort = 0, cancel = 0, expired = 0 }) {
  return failed + timeout + maxretries + abort + cancel + expired;
}

const forbidden = {
  lost: "were acknowledged and never ended",
  unexcused: "ran again without having been in flight on a victim",
  overlaps: "ran twice at the same time",
  phantoms: "ran without having been enqueued",
  doubles: "ran under two ids for one enqueue",
  setAside: "were set aside although healthy",
};

function violations(figures) {
  return Object.entries(forbidden)
    .filter(([name]) => figures[name] > 0)
    .map(([name, sentence]) => `${figures[name]} jobs ${sentence}`);
}

/** The product's counts against the ledger: every job is somewhere, none is there twice, none is left over. */
function conservation(records, counts, poison) {
  const ended = [...numbersOf(records, "END")].filter((number) => !poison.has(number)).length;
  const failures = failuresIn(counts);
  const live = counts.queued + counts.started + counts.retry + counts.interrupt;
  const wrong = [];
  if (live > 0) wrong.push(`${live} jobs are still live at the end`);
  if (counts.success !== ended) wrong.push(`the counts tell ${counts.success} successes, the ledger ${ended}`);
  if (failures < poison.size) wrong.push(`${failures} of ${poison.size} poison jobs were set aside`);
  return wrong;
}
