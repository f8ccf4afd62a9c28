import { defaults, MalformedJobError, toJobError } from "@tandemq/core";
import type { Filter } from "mongodb";
import type { Connection } from "../connection/connection.js";
import { idText } from "../documents/ids.js";
import type { JobDocument, Stored } from "../documents/job-document.js";
import { ended } from "../documents/updates.js";
import type { Haul } from "./haul.js";

/** Ends a document that cannot be a job as failed, where an operator sees it; reported by whoever did it. */
export async function setAside(
  { quickJobs, unchecked }: Pick<Connection, "quickJobs" | "unchecked">,
  asRead: Filter<JobDocument>,
  stored: Stored,
  reason: string,
  haul: Haul,
): Promise<void> {
  const { stack: _stack, ...error } = toJobError(new MalformedJobError(reason));
  const update = ended("failed", defaults.keepFailures, { error: { $literal: error } });
  const { modifiedCount } = await quickJobs.updateOne(asRead, update, unchecked);
  if (modifiedCount > 0) haul.setAside.push({ queue: String(stored.queue), id: idText(stored._id), reason });
}
