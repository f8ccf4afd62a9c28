import { InvalidOptionError } from "../errors/errors.js";
import type { NewJob } from "../model/job.js";
import type { JsonObject } from "../model/json.js";
import { checkMeta } from "../rules/check-meta.js";
import type { JobDraft, Middleware } from "./middleware.js";

/**
 * Adds one job through the layers of middleware around it.
 *
 * @throws InvalidOptionError when a layer called `next` not exactly once, or wrote meta that cannot travel
 */
export async function enqueueThrough<A>(
  layers: readonly Middleware[],
  job: NewJob,
  add: (job: NewJob) => Promise<A>,
): Promise<A> {
  const draft = draftOf(job);
  let added: { readonly answer: A } | undefined;
  const enter = async (depth: number): Promise<void> => {
    const layer = layers[depth];
    if (!layer) {
      checkMeta(draft.meta, "middleware: meta");
      added = { answer: await add(withMeta(job, draft.meta)) };
    } else if (layer.enqueue) {
      await layer.enqueue(
        draft,
        once(() => enter(depth + 1), layer),
      );
    } else await enter(depth + 1);
  };
  await enter(0);
  if (added) return added.answer;
  throw new InvalidOptionError("a middleware did not call next(), and threw nothing: the job was not enqueued");
}

function draftOf(job: NewJob): JobDraft {
  const { id, path, queue, parent, meta } = job;
  return {
    ...{ id, path, queue, meta: { ...meta } },
    ...(parent === undefined ? {} : { parent }),
    get params() {
      return JSON.parse(job.params) as JsonObject;
    },
  };
}

function withMeta(job: NewJob, meta: Record<string, string>): NewJob {
  return Object.keys(meta).length === 0 ? job : { ...job, meta };
}

function once(next: () => Promise<void>, { name = "a middleware" }: Middleware): () => Promise<void> {
  let called = false;
  return async () => {
    if (called) throw new InvalidOptionError(`${name} called next() twice for one job`);
    called = true;
    await next();
  };
}
