import { InvalidParamsError, isJobId, MalformedJobError, mannerOf, type NewJob, type QueueShape } from "@tandemq/core";
import { mostBytes, mostJobs } from "../broker-context.js";
import { enqueue, type LuaScript, put } from "../generated/lua.js";

/** Jobs of one queue that one script call adds. */
export interface EnqueueBatch {
  readonly script: LuaScript;
  /** Where in the call these jobs stand. */
  readonly positions: number[];
  readonly jobs: NewJob[];
  bytes: number;
}

/** Cuts the jobs at these positions into batches, in their order; those that cannot be added are refused. */
export function enqueueBatches(
  jobs: readonly NewJob[],
  positions: readonly number[],
  shape: QueueShape,
  refuse: (position: number, error: Error) => void,
): EnqueueBatch[] {
  const batches: EnqueueBatch[] = [];
  let batch: EnqueueBatch | undefined;
  for (const position of positions) {
    const job = jobs[position] as NewJob;
    const fault = faultOf(job);
    if (fault) {
      refuse(position, fault);
      continue;
    }
    const script = isUsual(job, shape) ? enqueue : put;
    if (!batch || batch.script !== script || !hasRoom(batch, job)) {
      batch = { script, positions: [], jobs: [], bytes: 0 };
      batches.push(batch);
    }
    batch.positions.push(position);
    batch.jobs.push(job);
    batch.bytes += job.params.length;
  }
  return batches;
}

function isUsual({ onDuplicate, onlyOnce, key }: NewJob, shape: QueueShape): boolean {
  return mannerOf(shape) === "fifo" && onDuplicate === undefined && !onlyOnce && key?.for === undefined;
}

function hasRoom({ positions, bytes }: EnqueueBatch, { params }: NewJob): boolean {
  return positions.length < mostJobs && bytes + params.length <= mostBytes;
}

function faultOf({ id, params }: NewJob): Error | undefined {
  if (!isJobId(id)) return new MalformedJobError(`${JSON.stringify(id)} is not a job id: 24 hexadecimal digits`);
  if (!params.startsWith("{") || !params.endsWith("}"))
    return new InvalidParamsError("params are not the text of a JSON object");
  return undefined;
}
