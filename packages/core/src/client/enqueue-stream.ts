import { InvalidOptionError, TandemQError } from "../errors/errors.js";
import type { NewJob } from "../model/job.js";
import type { EnqueueAnswer } from "../ports/broker.js";

/** One job that could not be added. */
export interface StreamRefusal {
  /** Its place in the source, from 0. */
  readonly index: number;
  readonly error: Error;
}

/** What became of the jobs so far. */
export interface StreamProgress {
  /** Taken from the source. */
  readonly taken: number;
  readonly created: number;
  /** Their key was taken by a living job, which was kept, replaced or put off. */
  readonly duplicates: number;
  readonly refused: number;
}

export interface StreamResult extends StreamProgress {
  /** The first 1,000 refusals. */
  readonly refusals: readonly StreamRefusal[];
}

export interface StreamOptions {
  /** Called after each call to the store. */
  readonly onProgress?: (progress: StreamProgress) => void;
}

const batchSize = 1000;
const batchBytes = 4_000_000;
const mostRefusals = 1000;

type Add = (jobs: readonly NewJob[]) => Promise<readonly EnqueueAnswer[]>;

/** Adds what a source gives, one batch after the other, and keeps nothing of what is done but its sums. */
export async function enqueueStream<T>(
  source: Iterable<T> | AsyncIterable<T>,
  make: (item: T, index: number) => NewJob | Promise<NewJob>,
  add: Add,
  { onProgress }: StreamOptions,
): Promise<StreamResult> {
  assertIterable(source);
  const sums = new Sums();
  let batch: { index: number; job: NewJob }[] = [];
  let bytes = 0;
  const flush = async () => {
    if (batch.length > 0) sums.count(batch, await add(batch.map(({ job }) => job)));
    batch = [];
    bytes = 0;
    onProgress?.(sums.progress());
  };
  for await (const item of source) {
    const job = await sums.take((index) => make(item, index));
    if (!job) continue;
    batch.push(job);
    bytes += job.job.params.length;
    if (batch.length >= batchSize || bytes >= batchBytes) await flush();
  }
  await flush();
  return { ...sums.progress(), refusals: sums.refusals };
}

function assertIterable(source: unknown): void {
  const given = Object(source) as object;
  if (Symbol.iterator in given || Symbol.asyncIterator in given) return;
  throw new InvalidOptionError(`enqueue: expected an array or another iterable of what to add, got ${typeof source}`);
}

class Sums {
  readonly refusals: StreamRefusal[] = [];
  #taken = 0;
  #created = 0;
  #duplicates = 0;
  #refused = 0;

  progress(): StreamProgress {
    return { taken: this.#taken, created: this.#created, duplicates: this.#duplicates, refused: this.#refused };
  }

  /** The next job, or `undefined` when it cannot be one: it is refused, and the others go on. */
  async take(make: (index: number) => NewJob | Promise<NewJob>): Promise<{ index: number; job: NewJob } | undefined> {
    const index = this.#taken++;
    try {
      return { index, job: await make(index) };
    } catch (error) {
      if (!(error instanceof TandemQError)) throw error;
      this.#refuse(index, error);
      return undefined;
    }
  }

  count(batch: readonly { index: number }[], answers: readonly EnqueueAnswer[]): void {
    answers.forEach((answer, i) => {
      if (answer.state === "refused") this.#refuse(batch[i]!.index, answer.error);
      else if (answer.created) this.#created += 1;
      else this.#duplicates += 1;
    });
  }

  #refuse(index: number, error: Error): void {
    this.#refused += 1;
    if (this.refusals.length < mostRefusals) this.refusals.push({ index, error });
  }
}
