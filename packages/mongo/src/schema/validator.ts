import { finalStatuses, liveStatuses, maxPriority, minPriority, schemaVersion } from "@tandemq/core";
import type { Document } from "mongodb";

const whole = { bsonType: ["int", "long", "double"], multipleOf: 1 };
const count = { ...whole, minimum: 0 };
const text = { bsonType: "string" };
const name = { ...text, minLength: 1 };
const date = { bsonType: "date" };
const object = { bsonType: "object" };
const yes = { enum: [true] };

const key = {
  ...object,
  required: ["value", "until"],
  properties: { value: text, until: { enum: ["start", "finish"] }, for: { ...whole, minimum: 1 } },
};

const properties = {
  _id: { bsonType: "objectId" },
  v: { ...whole, minimum: 1 },
  path: name,
  params: object,
  queue: name,
  priority: { ...whole, minimum: minPriority, maximum: maxPriority },
  ...{ key, held: text, heldUntil: date, due: date, front: yes, lifo: yes, raw: yes, retryAt: date },
  ...{ rev: count, generation: count, attempt: count, deliveries: count, lost: count },
  ...{ token: text, worker: text, settings: object, tags: { bsonType: "array", items: text } },
  ...{ queuedAt: date, startedAt: date, finishedAt: date, deleteAt: date, startBy: date },
  score: { bsonType: ["int", "long", "double"] },
  ...{ parent: { bsonType: ["string", "objectId"] }, meta: object },
  ...{ queuedAt: date, startedAt: date, finishedAt: date, deleteAt: date },
  history: { bsonType: "array" },
};

/** A job is in line with a due time, or over without one, or waits elsewhere. */
const inLine = { required: ["due"], properties: { status: { enum: [...liveStatuses] } } };
const over = { not: { required: ["due"] }, properties: { status: { enum: [...finalStatuses] } } };
const elsewhere = { not: { required: ["due"] }, required: ["raw"] };

const titleStart = "TandemQ job, schema ";

/** What the server demands of every inserted job, whoever inserts it. Numbers may be of any type. */
export const validator: Document = {
  $jsonSchema: {
    title: `${titleStart}${schemaVersion}`,
    ...object,
    required: ["_id", "v", "path", "params", "queue", "status"],
    properties,
    anyOf: [inLine, over, elsewhere],
  },
};

/** The schema version of a validator; `undefined` when it is none of ours. */
export function versionOf(found: Document | undefined): number | undefined {
  const title: unknown = found?.["$jsonSchema"]?.title;
  if (typeof title !== "string" || !title.startsWith(titleStart)) return undefined;
  return Number(title.slice(titleStart.length));
}
