import type { Job } from "../model/job.js";
import { newestFirst } from "../rules/newest-first.js";

/** A job in a memory store, with what is not to be seen from outside. */
export interface Entry {
  job: Job;
  /** The params as they came; claims hand them on unread. */
  params: string;
  /** Place in line: when the job first came due. It keeps it through every delivery. */
  place: number;
  /** Orders jobs of one place. */
  readonly arrival: number;
  /** The entry of a timed queue stays after this run, due then: milliseconds since the epoch. */
  later?: number | undefined;
  /** A received job that has not arrived: until when it is parked, and its own due time. */
  parked?: { readonly until: Date; readonly due: Date };
}

/** Whether a claim may take the job now: it waits and is due, or its lease has lapsed. */
export function isDue(entry: Entry, now: number): boolean {
  return entry.job.due !== undefined && entry.job.due.getTime() <= now;
}

/** Whether somebody holds the job, its lease lapsed or not. */
export function isStarted(entry: Entry): boolean {
  return entry.job.status === "started";
}

/** Compares two due entries: who is claimed first? */
export function byLine(a: Entry, b: Entry): number {
  return b.job.priority - a.job.priority || a.place - b.place || a.arrival - b.arrival;
}

/** Compares two entries: who was queued last? */
export function byNewest(a: Entry, b: Entry): number {
  return newestFirst(a.job, b.job);
}

/** The job as it is looked at, now. */
export function view(entry: Entry, now: number): Job {
  return isStarted(entry) && isDue(entry, now) ? { ...entry.job, lapsed: true } : entry.job;
}
