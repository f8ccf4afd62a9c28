import type { Document, Filter, Sort } from "mongodb";
import { lineOrder, stackOrder } from "../documents/filters.js";
import type { JobDocument } from "../documents/job-document.js";
import { indexOf, lineKey, stackKey } from "../schema/indexes.js";

/** A way through the jobs that wait, with the index that gives it. */
export interface Line {
  readonly match: Filter<JobDocument>;
  readonly sort: Sort;
  readonly index: string;
  readonly key: Document;
}

export const fromFront: Line = { match: {}, sort: lineOrder, index: indexOf.line, key: lineKey };

/** Of LIFO queues, those that were enqueued as such: the others, of foreign producers, are found from the front. */
export const fromEnd: Line = { match: { lifo: true }, sort: stackOrder, index: indexOf.stack, key: stackKey };
