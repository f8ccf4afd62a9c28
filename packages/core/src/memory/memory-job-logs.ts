import type { JobId } from "../model/job.js";
import type { JobLogs, LogChunk, LogLimits } from "../ports/job-logs.js";
import { logChunkSize, logExcess } from "../rules/log-excess.js";

/** Log lines in this process, for tests. */
export class MemoryJobLogs implements JobLogs {
  readonly #logs = new Map<JobId, LogChunk[]>();

  async append(chunks: readonly LogChunk[]): Promise<void> {
    for (const chunk of chunks) {
      const kept = this.#logs.get(chunk.job) ?? [];
      if (!kept.some(({ id }) => id === chunk.id)) this.#logs.set(chunk.job, [...kept, chunk]);
    }
  }

  async trim(jobs: readonly JobId[], limits: LogLimits): Promise<void> {
    for (const job of jobs) {
      const chunks = this.#logs.get(job) ?? [];
      const excess = logExcess(chunks.map(logChunkSize), limits);
      const [first, ...others] = chunks.slice(excess.chunks);
      if (first) this.#logs.set(job, [{ ...first, dropped: first.dropped + excess.dropped }, ...others]);
    }
  }

  async read(job: JobId, except: readonly string[] = []): Promise<LogChunk[]> {
    return (this.#logs.get(job) ?? []).filter(({ id }) => !except.includes(id));
  }
}
