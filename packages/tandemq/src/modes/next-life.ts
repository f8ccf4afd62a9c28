import type { Job, NewJob } from "@tandemq/core";

/** What a finished job is enqueued as again: the next generation, due at once, without its unique key. */
export function nextLife({
  id,
  queue,
  path,
  params,
  priority,
  settings,
  tags,
  parent,
  meta,
  score,
  generation,
}: Job): NewJob {
  return {
    ...{ id, queue, path, priority, settings },
    params: JSON.stringify(params),
    due: { after: 0 },
    generation: generation + 1,
    ...(tags ? { tags } : {}),
    ...(parent === undefined ? {} : { parent }),
    ...(meta ? { meta } : {}),
    ...(score === undefined ? {} : { score }),
  };
}
