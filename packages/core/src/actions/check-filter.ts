import { InvalidOptionError } from "../errors/errors.js";
import { isJobId } from "../model/job-id.js";
import { isStatus, statuses } from "../model/status.js";
import { didYouMean } from "../options/did-you-mean.js";
import { showValue } from "../options/show-value.js";
import type { JobFilter, TimeRange } from "../ports/broker.js";
import { findJsonFault } from "../rules/check-json.js";
import { checkQueueOrTree } from "../rules/check-arguments.js";
import { checkInteger, refuseUnknown } from "../tasks/check-task-options.js";

const known: readonly (keyof JobFilter)[] = [
  ...(["queue", "status", "path", "ids", "worker", "parent", "tags", "params", "error", "queued", "finished"] as const),
  ...(["limit", "order"] as const),
];

/**
 * @param name begins the error's sentence
 * @throws InvalidOptionError for the first field that is unknown or cannot match
 */
export function checkFilter(filter: JobFilter, name: string): void {
  refuseUnknown(filter, known, name);
  if (filter.queue !== undefined) checkQueueOrTree(filter.queue, `${name}: queue`);
  for (const status of listOf(filter.status, `${name}: status`)) checkStatus(status, name);
  for (const id of listOf(filter.ids, `${name}: ids`)) checkId(id, `${name}: ids`);
  if (filter.parent !== undefined) for (const id of [filter.parent].flat()) checkId(id, `${name}: parent`);
  for (const field of ["path", "worker"] as const) checkText(filter[field], `${name}: ${field}`);
  for (const tag of listOf(filter.tags, `${name}: tags`)) checkText(tag, `${name}: tags`);
  if (filter.params !== undefined) checkParams(filter.params, name);
  if (filter.error !== undefined) checkError(filter.error, name);
  for (const field of ["queued", "finished"] as const) checkRange(filter[field], `${name}: ${field}`);
  if (filter.order !== undefined && filter.order !== "head" && filter.order !== "newest") {
    throw new InvalidOptionError(`${name}: order: expected "head" or "newest", got ${showValue(filter.order)}`);
  }
  if (filter.limit !== undefined) checkInteger(filter.limit, 0, Number.MAX_SAFE_INTEGER, `${name}: limit`);
}

function listOf(value: unknown, name: string): readonly unknown[] {
  if (value === undefined) return [];
  if (Array.isArray(value)) return value;
  throw new InvalidOptionError(`${name}: expected a list, got ${showValue(value)}`);
}

function checkStatus(status: unknown, name: string): void {
  if (isStatus(status)) return;
  const near = typeof status === "string" ? didYouMean(status, statuses) : undefined;
  const hint = near ? `did you mean "${near}"?` : `there are ${statuses.join(", ")}`;
  throw new InvalidOptionError(`${name}: status: ${showValue(status)} is not a status; ${hint}`);
}

function checkId(id: unknown, name: string): void {
  if (isJobId(id)) return;
  throw new InvalidOptionError(`${name}: ${showValue(id)} is not a job id: 24 hexadecimal digits`);
}

function checkText(value: unknown, name: string): void {
  if (value === undefined || (typeof value === "string" && value !== "")) return;
  throw new InvalidOptionError(`${name}: expected a text, got ${showValue(value)}`);
}

function checkParams(params: unknown, name: string): void {
  const isObject = typeof params === "object" && params !== null && !Array.isArray(params);
  const fault = isObject ? findJsonFault(params, `${name}: params`) : `${name}: params: expected an object`;
  if (fault) throw new InvalidOptionError(fault);
}

function checkError(error: NonNullable<JobFilter["error"]>, name: string): void {
  refuseUnknown(error, ["name", "text"], `${name}: error`);
  checkText(error.name, `${name}: error.name`);
  checkText(error.text, `${name}: error.text`);
}

function checkRange(range: TimeRange | undefined, name: string): void {
  if (range === undefined) return;
  refuseUnknown(range, ["from", "to"], name);
  for (const time of [range.from, range.to]) {
    if (time === undefined || (time instanceof Date && !Number.isNaN(time.getTime()))) continue;
    throw new InvalidOptionError(`${name}: expected { from, to } as valid dates`);
  }
}
