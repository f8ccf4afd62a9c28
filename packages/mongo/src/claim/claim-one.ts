import type { ClaimRequest } from "@tandemq/core";
import type { Connection } from "../connection/connection.js";
import { claimOf } from "../documents/decode.js";
import { faultOf } from "../documents/fault.js";
import { dueNow } from "../documents/filters.js";
import type { Stored } from "../documents/job-document.js";
import { started } from "../documents/updates.js";
import { withDoubt } from "./doubts.js";
import type { Haul } from "./haul.js";
import { fromFront, type Line } from "./line.js";
import { setAside } from "./set-aside.js";
import { newToken } from "./tokens.js";

/** Claims the first in line, in one round trip; false when nothing is due. */
export async function claimOne(
  connection: Connection,
  request: ClaimRequest,
  haul: Haul,
  line: Line = fromFront,
): Promise<boolean> {
  const token = newToken(request.worker);
  const { quickJobs, unchecked } = connection;
  const options = { hint: line.key, sort: line.sort, returnDocument: "after", ...unchecked } as const;
  const update = started({ ...request, token });
  const document = await withDoubt(connection, { token, queues: request.queues }, () =>
    quickJobs.findOneAndUpdate({ ...dueNow(request.queues, request.paths), ...line.match }, update, options),
  );
  if (!document) return false;
  const stored: Stored = { ...document, now: document.startedAt };
  const fault = faultOf(stored);
  if (fault) await setAside(connection, { _id: document._id, token }, stored, fault, haul);
  else haul.claims.push(claimOf(stored, token, { deliveries: document.deliveries, lost: document.lost }));
  return true;
}
