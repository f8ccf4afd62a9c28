import { type Claim, type JobLogLine, type LogChunk, jobLogLimits, logLineSize, newJobId } from "@tandemq/core";

/** Most lines and characters of one chunk: what is dropped first goes in such pieces. */
const chunkLimits = { lines: 100, bytes: 64 * 1024 };

/** The lines of one delivery that wait to be kept: no more than are kept of a job, the oldest are dropped and counted. */
export class LogTail {
  readonly #claim: Claim;
  #lines: JobLogLine[] = [];
  #size = 0;
  #dropped = 0;
  /** Of all lines that were taken. */
  #taken = { lines: 0, bytes: 0 };

  constructor(claim: Claim) {
    this.#claim = claim;
  }

  get waiting(): boolean {
    return this.#lines.length > 0;
  }

  /** The job may have more lines than are kept of it: this delivery's own, or those of earlier ones. */
  get mayExceed(): boolean {
    const { lines, bytes } = this.#taken;
    return this.#claim.deliveries > 1 || lines > jobLogLimits.lines || bytes > jobLogLimits.bytes;
  }

  add(line: JobLogLine): void {
    this.#lines.push(line);
    this.#size += logLineSize(line);
    while (this.#lines.length > jobLogLimits.lines || this.#size > jobLogLimits.bytes) this.#dropOldest();
  }

  /** The waiting lines in chunks; they wait no longer. */
  take(): LogChunk[] {
    const chunks: LogChunk[] = [];
    this.#taken = { lines: this.#taken.lines + this.#lines.length, bytes: this.#taken.bytes + this.#size };
    for (const lines of pieces(this.#lines)) chunks.push(this.#chunk(lines));
    this.#lines = [];
    this.#size = 0;
    return chunks;
  }

  #chunk(lines: readonly JobLogLine[]): LogChunk {
    const chunk = { id: newJobId(), job: this.#claim.id, lines, dropped: this.#dropped };
    this.#dropped = 0;
    return chunk;
  }

  #dropOldest(): void {
    const oldest = this.#lines.shift();
    if (!oldest) return;
    this.#size -= logLineSize(oldest);
    this.#dropped++;
  }
}

function pieces(lines: readonly JobLogLine[]): JobLogLine[][] {
  const found: JobLogLine[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const line of lines) {
    const piece = found.at(-1);
    bytes += logLineSize(line);
    if (piece && piece.length < chunkLimits.lines && bytes <= chunkLimits.bytes) piece.push(line);
    else {
      found.push([line]);
      bytes = logLineSize(line);
    }
  }
  return found;
}
