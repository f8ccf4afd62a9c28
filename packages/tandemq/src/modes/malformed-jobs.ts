import { defaults, type Job, type SetAside } from "@tandemq/core";

/** The failed jobs that tell of entries which were set aside, as their store keeps them. */
export function malformedJobs(setAside: readonly SetAside[]): Job[] {
  const jobs = setAside.map(({ job }) => job).filter((job) => job !== undefined);
  return jobs.map((job) => ({ ...job, deleteAt: new Date(Date.now() + defaults.keepFailures) }));
}
