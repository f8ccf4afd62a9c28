import { isJobId, type JobId } from "@tandemq/core";
import { ObjectId } from "mongodb";

/** The id as it is stored, or `undefined` when no job can have it. */
export function objectId(id: JobId): ObjectId | undefined {
  return isJobId(id) ? ObjectId.createFromHexString(id) : undefined;
}

export function objectIds(ids: readonly JobId[]): ObjectId[] {
  return ids.map(objectId).filter((id) => id !== undefined);
}

/** The id as text, whatever its type: documents of other programs may have any. */
export function idText(id: unknown): string {
  return isObjectId(id) ? id.toHexString() : String(id);
}

export function isObjectId(id: unknown): id is ObjectId {
  return typeof id === "object" && id !== null && (id as { _bsontype?: unknown })._bsontype === "ObjectId";
}
