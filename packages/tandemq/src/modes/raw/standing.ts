import { type ChangeAnswer, isFinal, type Job, type JobRef } from "@tandemq/core";
import { mergeJob } from "../merge-job.js";
import type { RawContext } from "./context.js";

/** Where jobs stand: what no change is needed to know. */
export interface Standing {
  readonly entries: readonly (Job | undefined)[];
  readonly jobs: readonly (Job | undefined)[];
  readonly answers: ChangeAnswer[];
}

export async function look({ live, store }: RawContext, refs: readonly JobRef[]): Promise<Standing> {
  const entries = refs.length === 0 ? [] : await live.get(refs);
  const documents = refs.length === 0 ? [] : await store.get(refs.map(({ id }) => id));
  const jobs = refs.map(({ queue }, i) => {
    const job = mergeJob(entries[i], documents[i]);
    return job?.queue === queue ? job : undefined;
  });
  return { entries, jobs, answers: jobs.map(standingOf) };
}

function standingOf(job: Job | undefined): ChangeAnswer {
  if (!job) return "missing";
  if (isFinal(job.status)) return "final";
  return job.status === "started" ? "started" : "waiting";
}
