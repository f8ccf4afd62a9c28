import type { ProgressUpdate } from "@tandemq/core";
import type { RawContext } from "./context.js";

/** Keeps how far runs are, in their documents: those that are not there yet are made first. */
export async function recordProgress(
  { store, held, late }: RawContext,
  updates: readonly ProgressUpdate[],
): Promise<void> {
  const started = updates.map((update) => held.get(update)).filter((one) => one?.start !== undefined);
  if (started.length > 0) await late.record(started as NonNullable<(typeof started)[number]>[]);
  await store.recordProgress(updates);
}
