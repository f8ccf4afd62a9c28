import {
  type JobContext,
  type MapFunction,
  type MapOptions,
  InvalidOptionError,
  checkInteger,
  options as o,
  refuseUnknown,
} from "@tandemq/core";
import { runInJob } from "../current-job.js";
import { Items } from "./items.js";

const defaultConcurrency = 10;
const show = o.showValue;

/** One call of `job.map` or `job.stream`: what its calls have in common. */
interface Work<T, R> {
  readonly items: Items<T>;
  readonly lanes: number;
  /** Aborted by the job, by the first failure, and by whoever leaves the loop. */
  readonly signal: AbortSignal;
  readonly stop: AbortController;
  readonly call: (item: T, index: number) => Promise<R>;
}

/** `job.map`: as many lanes as may work at a time, each takes the next item when it is free. */
export async function mapItems<T, R>(
  job: JobContext,
  items: Iterable<T> | AsyncIterable<T>,
  fn: MapFunction<T, R>,
  options: MapOptions,
): Promise<R[]> {
  const work = begin(job, items, fn, options);
  const results: R[] = [];
  const lane = async () => {
    while (!work.signal.aborted) {
      const next = await work.items.next();
      if (!next || work.signal.aborted) return;
      results[next.index] = await work.call(next.item, next.index);
    }
  };
  const lanes = Array.from({ length: work.lanes }, () => stopping(work, lane()));
  const failed = (await Promise.allSettled(lanes)).some(({ status }) => status === "rejected");
  if (!failed && !work.signal.aborted) return results;
  await work.items.close();
  throw work.signal.reason;
}

/** `job.stream`: no more calls under way, or waiting to be taken, than may work at a time. */
export async function* streamItems<T, R>(
  job: JobContext,
  items: Iterable<T> | AsyncIterable<T>,
  fn: MapFunction<T, R>,
  options: MapOptions,
): AsyncGenerator<R, void> {
  const work = begin(job, items, fn, options);
  const calls: Promise<{ readonly result: R }>[] = [];
  let next: Promise<"more" | "end"> | undefined;
  let over = false;
  const begun = async (): Promise<"more" | "end"> => {
    const taken = await work.items.next();
    if (!taken) return "end";
    calls.push(stopping(work, work.call(taken.item, taken.index)).then((result) => ({ result })));
    return "more";
  };
  try {
    while (!over || calls.length > 0) {
      work.signal.throwIfAborted();
      if (!over && calls.length < work.lanes) next ??= stopping(work, begun());
      const first = await Promise.race([...calls.slice(0, 1), ...(next ? [next] : [])]);
      if (first === "more" || first === "end") {
        next = undefined;
        over = first === "end";
      } else {
        void calls.shift();
        yield first.result;
      }
    }
  } catch (error) {
    throw work.signal.aborted ? work.signal.reason : error;
  } finally {
    work.stop.abort(new Error("the loop was left"));
    await Promise.allSettled([...calls, next]);
    await work.items.close();
  }
}

function begin<T, R>(
  job: JobContext,
  items: Iterable<T> | AsyncIterable<T>,
  fn: MapFunction<T, R>,
  options: MapOptions,
): Work<T, R> {
  refuseUnknown(options, ["concurrency"], "map");
  const { concurrency = defaultConcurrency } = options;
  checkInteger(concurrency, 0, 10_000, "map: concurrency");
  if (!isIterable(items))
    throw new InvalidOptionError(`map: expected a list, or what can be iterated, got ${show(items)}`);
  if (typeof fn !== "function") throw new InvalidOptionError(`map: expected a function, got ${show(fn)}`);
  const stop = new AbortController();
  const signal = AbortSignal.any([job.signal, stop.signal]);
  const call = async (item: T, index: number) => await runInJob(job, () => fn(item, index, signal));
  return { items: new Items(items), lanes: Math.max(1, concurrency), signal, stop, call };
}

function isIterable(items: unknown): boolean {
  return typeof items === "object" && items !== null && (Symbol.iterator in items || Symbol.asyncIterator in items);
}

/** The first failure stops the others, and is what is thrown. */
async function stopping<V>({ stop }: Pick<Work<never, never>, "stop">, call: Promise<V>): Promise<V> {
  try {
    return await call;
  } catch (error) {
    stop.abort(error);
    throw error;
  }
}
