import { deedsOf, groupBy, isTimed, isUntouched, tell } from "./tell.mjs";

/** So long before a fault an outcome may have been on its way, milliseconds. */
const settleWindow = 1500;

/** They end their process, or do not hear that their run is over. */
const rough = ["exit", "reject", "frozen", "deaf"];

/** No run begins again without a cause. */
export function again(evidence) {
  return pairs(evidence).flatMap(({ life, before, run }) => {
    const isEnd = before.how === "ok" && !isTimed(life);
    return isEnd && !hasCause(life, before, run, evidence) ? [tell(life, `began again at ${run.start}`)] : [];
  });
}

/** No run begins while another of its job goes on. */
export function overlaps(evidence) {
  return pairs(evidence).flatMap(({ life, before, run }) => {
    const isOver = before.end === undefined ? mayHaveDied(before, evidence) : run.start >= before.end;
    const isDeaf = [...rough, "complete"].includes(before.fate) || before.how?.startsWith("late");
    return isOver || isDeaf || isHitByStore(before, run, evidence) ? [] : [tell(life, `overlaps at ${run.start}`)];
  });
}

const pairs = ({ all }) =>
  all.flatMap((life) => life.runs.slice(1).map((run, i) => ({ life, before: life.runs[i], run })));

function hasCause(life, before, run, evidence) {
  const limits = life.comings.map(({ options }) => options?.hardTimeout ?? options?.timeout ?? Infinity);
  // A job of a batch runs until its batch is over.
  const isBatched = before.path === "lives.batch" && Math.min(...limits) < Infinity;
  if (isBatched || before.end - before.start > Math.min(...limits) - 10) return true;
  const isMeant = ({ asked, done }) => asked <= run.start && done >= before.start;
  if (deedsOf(life, "requeue").some(isMeant)) return true;
  if (before.fault && before.end >= before.fault.at - settleWindow) return true;
  return isHitByStore(before, run, evidence) || hasDyingNeighbour(before, evidence);
}

function isHitByStore(before, run, { faults }) {
  const end = (before.end ?? before.start) - settleWindow;
  return faults.some(({ isStore, at, until }) => isStore && at <= run.start && until >= end);
}

function hasDyingNeighbour({ pid, end }, { all }) {
  const isDying = (run) => run.pid === pid && run.end === undefined && Math.abs(run.start - end) < 3000;
  return all.some(({ runs }) => runs.some((run) => isDying(run) && rough.includes(run.fate)));
}

/** A run without an end: its process was killed, by a fault or by a neighbour's limit. */
function mayHaveDied(run, { all }) {
  if (run.fault || rough.includes(run.fate)) return true;
  const isRough = (other) => other.pid === run.pid && rough.includes(other.fate);
  const hasLimit = ({ options }) => options?.hardTimeout !== undefined;
  return all.some(({ runs, comings }) => runs.some(isRough) || comings.some(hasLimit));
}

/** A task runs no more often than it has attempts. */
export function attempts({ all }) {
  return all.flatMap((life) => {
    const isChanged = life.comings.some(({ outcome }) => outcome === "replaced");
    const over = life.runs.find(({ attempt, attempts: most, fate }) => attempt > most && fate !== "hand");
    return over && !isChanged ? [tell(life, "has more attempts than it may")] : [];
  });
}

/** What was rolled back never runs. */
export function rolledBack({ all, tries }) {
  const isWrong = ({ n }) => tries.get(String(n))?.isRolledBack;
  return all.filter(({ runs }) => runs.some(isWrong)).map((life) => tell(life, "was rolled back and ran"));
}

/** Nothing begins before its delay is over, or for the first time after its startBy. */
export function times({ all }) {
  return all.flatMap((life) => {
    const { comings, runs } = life;
    const [coming, run] = [comings[0], runs[0]];
    const isSure = comings.length === 1 && deedsOf(life, "edit", "move", "requeue").length === 0;
    if (!isSure || !run || coming.op === "child") return [];
    const { delay = 0, startBy = Infinity } = coming.options;
    if (run.start < coming.tried + delay - 20) return [tell(life, "began too early")];
    return run.start > coming.ok + startBy + 2000 ? [tell(life, "began after its startBy")] : [];
  });
}

/** A queue that is paused starts nothing more, two seconds later. */
export function paused({ records, all }) {
  const resumed = records.filter(({ verb }) => verb === "RESUME");
  const runs = all.flatMap((life) => life.runs);
  return records.flatMap(({ verb, name, call, at }) => {
    const until = resumed.find((record) => record.call === call)?.at ?? Infinity;
    const isSure = !resumed.some((record) => record.name === name && record.at > at - 500 && record.at < until);
    if (verb !== "PAUSED" || !isSure) return [];
    const isIn = ({ queue = "" }) => (name.endsWith("/") ? queue.startsWith(name) : queue === name);
    const late = runs.filter((run) => isIn(run) && run.start > at + 2000 && run.start < until);
    return late.map(({ id, start }) => `${name} was paused at ${at}, and ${id} began at ${start}`);
  });
}

/** One name is one sub-job. */
export function subJobs({ all, lives }) {
  const isSure = ({ id }) => {
    const child = lives.get(id);
    const isKeyed = ({ options: { key, queue } }) => key !== undefined || queue.startsWith("no-storage");
    return isUntouched(child) && !child.comings.some(isKeyed);
  };
  return all.filter(isUntouched).flatMap((parent) =>
    [...groupBy(parent.children, ({ i }) => i)].flatMap(([i, list]) => {
      const ids = new Set(list.map(({ id }) => id));
      return ids.size > 1 && list.every(isSure) ? [tell(parent, `has ${[...ids]} as its child ${i}`)] : [];
    }),
  );
}

/** Children of a job that was cancelled with them begin no more. */
export function cancelledChildren({ all, lives }) {
  return all.flatMap((parent) => {
    const deeds = deedsOf(parent, "cancel").filter(({ options }) => options?.children && options.running);
    return deeds.flatMap(({ asked, done }) =>
      parent.children.flatMap(({ id, at }) => {
        const child = lives.get(id);
        const late = child.runs.some(({ start }) => start > done + 3000);
        const isSure = at < asked && isUntouched(child) && child.comings.length === 1;
        return late && isSure ? [tell(child, `ran on, its parent was cancelled at ${done}`)] : [];
      }),
    );
  });
}
