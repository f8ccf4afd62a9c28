import type { Job, UniqueKey } from "../model/job.js";

/** The unique key that a waiting job holds: one until the start is free once a run of this life has begun. */
export function heldKey({ key, history }: Pick<Job, "key" | "history">): UniqueKey | undefined {
  return key?.until === "start" && history.length > 0 ? undefined : key;
}
