import { type JobId, type LogLimits, logExcess } from "@tandemq/core";
import type { Connection } from "../connection/connection.js";

/** Deletes the oldest lines of one job beyond the limits; the oldest that stay tell how many went. */
export async function trimLog({ logs }: Connection, job: JobId, limits: LogLimits): Promise<void> {
  const projection = { count: 1, bytes: 1, dropped: 1 } as const;
  const found = await logs.find({ job }, { projection, sort: { at: 1, _id: 1 } }).toArray();
  const sizes = found.map(({ count, bytes, dropped }) => ({ lines: count, bytes, dropped }));
  const excess = logExcess(sizes, limits);
  const oldest = found[excess.chunks];
  if (excess.chunks === 0 || !oldest) return;
  await logs.deleteMany({ _id: { $in: found.slice(0, excess.chunks).map(({ _id }) => _id) } });
  await logs.updateOne({ _id: oldest._id }, { $inc: { dropped: excess.dropped } });
}
