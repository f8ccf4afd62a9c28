import { edgesOf, type Histogram, type HistogramRange, histogramOf, sliceAt } from "../model/histogram.js";
import { isFinal } from "../model/status.js";
import { type Entry, isDue, isStarted } from "./entry.js";
import type { MemoryStore } from "./memory-store.js";

export function histogram(store: MemoryStore, queue: string, range: HistogramRange): Histogram {
  const now = store.now();
  const by = store.shapeOf(queue).kind === "sorted" ? "score" : "due";
  const waiting = store.entries(queue).filter((entry) => !isStarted(entry) && !isFinal(entry.job.status));
  const inSlices = waiting.filter((entry) => isDue(entry, now) === (by === "score"));
  const values = inSlices.map(by === "score" ? (entry: Entry) => entry.place : dueOf);
  const lowest = by === "score" ? Math.min(...values) : now;
  const extent = values.length > 0 ? { min: lowest, max: Math.max(...values) } : { min: now, max: now };
  const edges = edgesOf(by, range, extent);
  const counts = [...edges, 0].map(() => 0);
  for (const value of values) counts[sliceAt(edges, value)]! += 1;
  return histogramOf(by, edges, counts, waiting.length - inSlices.length);
}

function dueOf({ job }: Entry): number {
  return job.due?.getTime() ?? 0;
}
