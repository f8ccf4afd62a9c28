import { deedsOf, groupBy, isTimed, tell } from "./tell.mjs";

const live = ["queued", "started", "retry", "interrupt"];

/** Nothing acknowledged is lost, never ends, or is there twice. */
export function kept({ all, outcome }) {
  const byId = groupBy(outcome.jobs, ({ id }) => id);
  return all.flatMap((life) => {
    const jobs = byId.get(life.id) ?? [];
    if (jobs.length > 1) return [tell(life, `is there ${jobs.length} times`)];
    if (jobs.some(({ status }) => live.includes(status))) return [tell(life, `never ended (${JSON.stringify(jobs)})`)];
    return jobs.length > 0 || mayBeGone(life) ? [] : [tell(life, "is lost")];
  });
}

/** A success of a no-storage queue is kept nowhere; a relayed job whose key is taken is none. */
function mayBeGone(life) {
  const { comings, runs } = life;
  if (deedsOf(life, "remove").length > 0 || comings.length === 0) return true;
  const wasKept = ({ op, options }) => op === "transaction" && options.key && !options.queue.startsWith("regular");
  if (comings.every(wasKept)) return true;
  const moved = deedsOf(life, "move").length > 0;
  return runs.some(({ how = "", queue }) => /^(ok|late|done)/.test(how) && (moved || queue.includes("no-storage")));
}

/** The final status agrees with the last run. */
export function status({ all, outcome }) {
  const jobs = new Map(outcome.jobs.map((job) => [job.id, job]));
  return all.flatMap((life) => {
    const job = jobs.get(life.id);
    // A no-storage entry that stays keeps what went wrong in an earlier life.
    if (!job || live.includes(job.status) || (isTimed(life) && job.queue.startsWith("no-storage"))) return [];
    const could = [...statusesOf(life), ...statusesByDeeds(life)];
    return could.includes(job.status)
      ? []
      : [tell(life, `is ${job.status}, not ${could} (${JSON.stringify(job.error)})`)];
  });
}

const failed = ["failed", "maxretries"];
const timeout = ["timeout", "maxretries"];

function statusesOf({ runs }) {
  const { how = "", fate, path } = runs.at(-1) ?? {};
  if (runs.length === 0) return [];
  if (path === "lives.batch" && how === "ok") return ["success", ...timeout];
  if (how === "ok" || how === "done") return ["success"];
  if (how.startsWith("late")) return [...failed, ...timeout, "success", "cancel", "abort"];
  if (how.startsWith("signal")) return [...failed, ...timeout, "cancel"];
  if (fate === "abort") return ["abort"];
  if (fate === "complete") return [...failed, ...timeout, "success"];
  return [...failed, ...timeout];
}

/** What may have become of it in line. */
function statusesByDeeds(life) {
  const { comings, parent } = life;
  const cancel = deedsOf(life, "cancel").length > 0 || parent !== undefined ? ["cancel"] : [];
  const begins = life.runs.length === 0 || deedsOf(life, "requeue").length > 0;
  const expired = begins && comings.some(({ options }) => options?.startBy !== undefined) ? ["expired"] : [];
  // A job of no task that was moved to where a worker is.
  return [...cancel, ...expired, ...(comings[0]?.op === "put" ? ["failed"] : [])];
}

/** Whoever waits for a job hears of its end. */
export function waiters({ records, lives }) {
  const told = new Map(records.filter(({ verb }) => verb === "WAITED").map((record) => [record.call, record]));
  return records.flatMap(({ verb, call, id }) => {
    if (verb !== "WAIT") return [];
    const life = lives.get(id);
    const { code, text } = told.get(call) ?? { code: "nothing" };
    const mayGo = deedsOf(life, "remove", "move").length > 0 || life.runs.some(({ fate }) => fate === "elsewhere");
    const isFine = code === undefined || (mayGo && ["JOB_NOT_FOUND", "RESULT_NOT_STORED"].includes(code));
    return isFine ? [] : [tell(life, `its waiter was told ${code} ${text}`)];
  });
}

/** Counts agree with the jobs that are there. */
export function counted({ outcome }) {
  const jobs = groupBy(outcome.jobs, ({ queue, status: one }) => `${queue} ${one}`);
  return Object.entries(outcome.counts).flatMap(([queue, counts]) =>
    Object.entries(counts).flatMap(([one, count]) => {
      const there = jobs.get(`${queue} ${one}`)?.length ?? 0;
      const isSum = one === "success" && queue.includes("no-storage");
      return there === count || isSum ? [] : [`${queue} counts ${count} ${one}, ${there} are there`];
    }),
  );
}

/** An effect is there with its success, once for each life, or not at all. */
export function effects({ outcome, lives }) {
  const jobs = new Map(outcome.jobs.map((job) => [job.id, job]));
  return [...groupBy(outcome.effects, (id) => id)].flatMap(([id, list]) => {
    const life = lives.get(id);
    const requeues = deedsOf(life, "requeue").length;
    const job = jobs.get(id);
    if (list.length > 1 + requeues) return [tell(life, `has ${list.length} effects`)];
    return job && requeues === 0 && job.status !== "success" ? [tell(life, `has effects and is ${job.status}`)] : [];
  });
}
