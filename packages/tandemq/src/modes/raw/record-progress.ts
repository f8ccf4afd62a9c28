import type { ProgressUpdate } from "@tandemq/core";
import type { RawContext } from "./context.js";
import { letGoTaken } from "./let-go-taken.js";

/** Keeps how far runs are, in their documents: those that are not there yet are made first. */
export async function recordProgress(context: RawContext, updates: readonly ProgressUpdate[]): Promise<void> {
  await letGoTaken(context, updates);
  const { store, held, late } = context;
  const started = updates.map((update) => held.get(update)).filter((one) => one?.start !== undefined);
  if (started.length > 0) await late.record(started as NonNullable<(typeof started)[number]>[]);
  await store.recordProgress(updates);
}
