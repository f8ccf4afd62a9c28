import { type LogChunk, type LogLimits, logLineSize } from "../ports/job-logs.js";

/** A chunk as its store counts it. */
export interface LogChunkSize {
  readonly lines: number;
  readonly bytes: number;
  readonly dropped: number;
}

export function logChunkSize({ lines, dropped }: LogChunk): LogChunkSize {
  return { lines: lines.length, bytes: lines.reduce((sum, line) => sum + logLineSize(line), 0), dropped };
}

/** How many of the chunks, the oldest first, are beyond the limits, and how many lines go with them. The last stays. */
export function logExcess(
  chunks: readonly LogChunkSize[],
  limits: LogLimits,
): { readonly chunks: number; readonly dropped: number } {
  let lines = 0;
  let bytes = 0;
  let kept = 0;
  for (const chunk of chunks.toReversed()) {
    lines += chunk.lines;
    bytes += chunk.bytes;
    if (kept > 0 && (lines > limits.lines || bytes > limits.bytes)) break;
    kept++;
  }
  const gone = chunks.slice(0, chunks.length - kept);
  return { chunks: gone.length, dropped: gone.reduce((sum, chunk) => sum + chunk.lines + chunk.dropped, 0) };
}
