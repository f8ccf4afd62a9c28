/** What a histogram is asked for. Times in milliseconds since the epoch, or scores. */
export interface HistogramRange {
  /** Default: the store's now; of scores the lowest. */
  readonly from?: number;
  /** Default: just after the last there is. */
  readonly to?: number;
  /** Into how many slices the range is cut. Times are whole milliseconds: a short range has fewer. */
  readonly slices: number;
}

/** Waiting jobs from one time or score on, up to another that is not included. An end that is missing is open. */
export interface HistogramSlice {
  readonly from?: number;
  readonly to?: number;
  readonly count: number;
}

/** How the waiting jobs of a queue lie in time; in a `sorted` queue, how those in line lie by score. */
export interface Histogram {
  readonly by: "due" | "score";
  /** The first takes all that come before the range, the last all that come after it. */
  readonly slices: readonly HistogramSlice[];
  /** Waiting jobs that stand in no slice: by time, those in line already; by score, those that wait for a time. */
  readonly others: number;
}

/** Lowest and highest of what is there. */
export interface Extent {
  readonly min: number;
  readonly max: number;
}

/** Where the slices of a range meet, in ascending order; `extent` stands in for the ends that are not named. */
export function edgesOf(by: Histogram["by"], { from, to, slices }: HistogramRange, extent: Extent): number[] {
  const first = from ?? Math.min(extent.min, to ?? extent.min);
  const last = to ?? Math.max(extent.max, first) + 1;
  const edges = Array.from({ length: slices + 1 }, (_, i) => first + ((last - first) * i) / slices);
  return [...new Set(by === "due" ? edges.map(Math.round) : edges)];
}

/** The histogram of these counts: one below the first edge, one between each two, one from the last on. */
export function histogramOf(
  by: Histogram["by"],
  edges: readonly number[],
  counts: readonly number[],
  others: number,
): Histogram {
  const slices = counts.map((count, i) => {
    const [from, to] = [edges[i - 1], edges[i]];
    return { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }), count };
  });
  return { by, slices, others };
}

/** The slice, by its place, that a time or score stands in. */
export function sliceAt(edges: readonly number[], value: number): number {
  const above = edges.findIndex((edge) => value < edge);
  return above < 0 ? edges.length : above;
}
