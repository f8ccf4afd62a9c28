import { type JobContext, type JsonObject, type Middleware, type TaskFunction, type TaskOptions } from "@tandemq/core";
import { checkedParams } from "./checked-params.js";

type Run = TaskFunction<JsonObject, unknown>;

/** A task's code with what stands around it: middleware, the outermost first, then the check of the params. */
export function layeredRun(
  path: string,
  run: Run,
  schema: TaskOptions["schema"],
  middleware: readonly Middleware[],
): Run {
  const layers = middleware.filter((layer) => layer.run);
  const checked = schema ? checkedRun(path, run, schema) : run;
  if (layers.length === 0) return checked;
  return async (params, job) => enter(layers, 0, job, async () => checked(params, job));
}

function enter(
  layers: readonly Middleware[],
  depth: number,
  job: JobContext,
  task: () => Promise<unknown>,
): Promise<unknown> {
  const layer = layers[depth];
  if (!layer) return task();
  return layer.run?.(job, () => enter(layers, depth + 1, job, task)) ?? Promise.resolve();
}

function checkedRun(path: string, run: Run, schema: NonNullable<TaskOptions["schema"]>): Run {
  return async (params, job) => run(await checkedParams(schema, params, path), job);
}
