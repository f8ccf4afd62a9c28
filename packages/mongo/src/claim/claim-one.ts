import type { ClaimRequest } from "@tandemq/core";
import type { Connection } from "../connection/connection.js";
import { claimFields, claimOf } from "../documents/decode.js";
import { faultOf } from "../documents/fault.js";
import { dueNow, lineOrder } from "../documents/filters.js";
import type { Stored } from "../documents/job-document.js";
import { started } from "../documents/updates.js";
import type { Haul } from "./claim.js";
import { setAside } from "./set-aside.js";
import { newToken } from "./tokens.js";

/** Claims the first in line, in one round trip; false when nothing is due. */
export async function claimOne(
  { quickJobs, unchecked }: Connection,
  request: ClaimRequest,
  haul: Haul,
): Promise<boolean> {
  const token = newToken(request.worker);
  const { now: _now, ...fields } = claimFields;
  const document = await quickJobs.findOneAndUpdate(dueNow(request.queues), started({ ...request, token }), {
    sort: lineOrder,
    projection: { ...fields, startedAt: 1 },
    returnDocument: "after",
    ...unchecked,
  });
  if (!document) return false;
  const stored: Stored = { ...document, now: document.startedAt };
  const fault = faultOf(stored);
  if (fault) await setAside({ quickJobs, unchecked }, { _id: document._id, token }, stored, fault, haul);
  else haul.claims.push(claimOf(stored, token, { deliveries: document.deliveries, lost: document.lost }));
  return true;
}
