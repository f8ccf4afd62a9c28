import type { ShapeOf } from "@tandemq/core";
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

/** Of a LIFO queue, those that were enqueued as such. */
const fromEnd: Line = { match: { lifo: true }, sort: stackOrder, index: indexOf.stack, key: stackKey };

/** The others of a LIFO queue, of foreign producers. */
const fromFrontOfStack: Line = { ...fromFront, match: { lifo: { $ne: true } } };

/** The lines of a queue, one after the other. */
export type LinesOf = (queue: string) => readonly Line[];

const plain: readonly Line[] = [fromFront];
const stack: readonly Line[] = [fromEnd, fromFrontOfStack];

export function linesBy(shapeOf: ShapeOf | undefined): LinesOf {
  return (queue) => (shapeOf?.(queue).order === "lifo" ? stack : plain);
}
