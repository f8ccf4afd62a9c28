import type { Broker, ChangeAnswer, Job, NewJob } from "@tandemq/core";

/** What a finished job is enqueued as again: the next generation, due at once. */
function nextLife({
  id,
  queue,
  path,
  params,
  priority,
  key,
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
    onDuplicate: "keep",
    generation: generation + 1,
    ...(key ? { key } : {}),
    ...(tags ? { tags } : {}),
    ...(parent === undefined ? {} : { parent }),
    ...(meta ? { meta } : {}),
    ...(score === undefined ? {} : { score }),
  };
}

/** Puts finished jobs in line again; `final` is one that the broker refused. */
export async function revive(broker: Broker, jobs: readonly Job[]): Promise<ChangeAnswer[]> {
  const enqueued = await broker.enqueue(jobs.map(nextLife));
  return enqueued.map((answer, i) => {
    if (answer.state !== "enqueued") return "final";
    return answer.id === jobs[i]?.id ? "done" : "keyTaken";
  });
}
