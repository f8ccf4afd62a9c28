import type { Job } from "@tandemq/core";
import { targets, these } from "../change/change.js";
import { chunks } from "../connection/batches.js";
import type { Connection } from "../connection/connection.js";
import { isWaiting, pick } from "../documents/filters.js";
import { set } from "../documents/updates.js";

const batchSize = 1000;

/** Received jobs that still wait come due when they would have where they were. */
export async function arrive({ jobs }: Connection, arrived: readonly Job[]): Promise<void> {
  for (const some of chunks(arrived, batchSize)) {
    const batch = targets(some);
    const ids = batch.map(({ _id }) => _id);
    const dues = batch.map(({ place }) => some[place]?.due ?? new Date(0));
    await jobs.updateMany({ ...these(batch), ...isWaiting }, [
      set({ due: pick(ids, dues) }),
      { $unset: ["parked", "leaving"] },
    ]);
  }
}
