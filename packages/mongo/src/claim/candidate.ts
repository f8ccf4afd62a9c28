import type { JobDocument, Stored } from "../documents/job-document.js";

/** A due job as a claimer read it. */
export type Candidate = Stored & Pick<JobDocument, "_id">;

/** Somebody held it, and its lease is over. */
export function isLapsed({ status }: Candidate): boolean {
  return status === "started";
}

/** The first start sets its unique key free. */
export function freesKey({ key }: Candidate): boolean {
  return (key as { until?: string } | undefined)?.until === "start";
}

/** Its key may be taken for a time, beyond its start. */
export function keepsKey({ key }: Candidate): boolean {
  return (key as { for?: number } | undefined)?.for !== undefined;
}
