import type { Job, JobId } from "../model/job.js";
import type { Json } from "../model/json.js";
import type { JobFilter, TimeRange } from "../ports/broker.js";

/** Whether the job is all that the filter names; limit and order are not looked at. */
export function matchesFilter(job: Job, filter: JobFilter): boolean {
  const { queue, status, path, ids, worker, parent } = filter;
  return (
    (queue === undefined || job.queue === queue) &&
    (status === undefined || status.includes(job.status)) &&
    (path === undefined || job.path === path) &&
    (ids === undefined || ids.includes(job.id)) &&
    (worker === undefined || job.worker === worker) &&
    (parent === undefined || isChild(job, parent)) &&
    matchesContent(job, filter) &&
    isWithin(job.queuedAt, filter.queued) &&
    isWithin(job.finishedAt, filter.finished)
  );
}

function isChild({ parent }: Job, parents: JobId | readonly JobId[]): boolean {
  return parent !== undefined && (typeof parents === "string" ? parent === parents : parents.includes(parent));
}

function matchesContent({ tags = [], params, error }: Job, filter: JobFilter): boolean {
  return (
    (filter.tags ?? []).every((tag) => tags.includes(tag)) &&
    (filter.params === undefined || contains(params, filter.params)) &&
    (filter.error?.name === undefined || error?.name === filter.error.name) &&
    (filter.error?.text === undefined || (error?.message.includes(filter.error.text) ?? false))
  );
}

function isWithin(time: Date | undefined, range: TimeRange | undefined): boolean {
  if (!range) return true;
  return time !== undefined && (!range.from || time >= range.from) && (!range.to || time <= range.to);
}

/** Whether `whole` has every field of `part` with its value; lists are compared as a whole. */
function contains(whole: Json | undefined, part: Json): boolean {
  if (!isRecord(part)) return equal(whole, part);
  return isRecord(whole) && Object.entries(part).every(([name, value]) => contains(whole[name], value as Json));
}

function equal(a: Json | undefined, b: Json): boolean {
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && b.every((item, i) => equal(a[i], item));
  if (!isRecord(a) || !isRecord(b)) return a === b;
  const names = Object.keys(b);
  return Object.keys(a).length === names.length && names.every((name) => equal(a[name], b[name] as Json));
}

function isRecord(value: unknown): value is { readonly [name: string]: Json } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
