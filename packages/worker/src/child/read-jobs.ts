import type { Assignment } from "../executor/assignment.js";
import type { WireGroup, WireKind } from "../pools/messages.js";

/** The jobs of a frame, in the order in which they were sent. */
export function readJobs(groups: readonly WireGroup[], body: string): Assignment[] {
  const found: Assignment[] = [];
  let at = 0;
  for (const { kind, jobs, tokens } of groups) {
    const { path, queue, attempt, deliveries, settings, ...seldom } = kind;
    const more = isEmpty(seldom) ? undefined : seldom;
    for (let i = 0; i < jobs.length; i += 3) {
      const [n, id] = [jobs[i] as number, jobs[i + 1] as string];
      const params = body.slice(at, (at += jobs[i + 2] as number));
      const job = { n, id, path, queue, attempt, deliveries, settings, params };
      found.push(more || tokens ? { ...job, ...more, ...(tokens && { token: tokens[i / 3] as string }) } : job);
    }
  }
  return found;
}

function isEmpty(kind: Partial<WireKind>): boolean {
  return Object.keys(kind).length === 0;
}
