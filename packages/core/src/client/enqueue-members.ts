import { InvalidOptionError, NotSupportedError } from "../errors/errors.js";
import type { Due, NewJob } from "../model/job.js";
import { newJobId } from "../model/job-id.js";
import { memberPath } from "../model/member.js";
import type { QueueRoute } from "../ports/deployment.js";
import { dueOf, type EnqueueOptions, maxKeyLength } from "./enqueue-options.js";
import { fitQueue } from "./fit-queue.js";

/** A bare text that the queue's factory turns into a job when it is claimed. */
export interface Member extends Pick<EnqueueOptions, "score" | "at" | "delay"> {
  readonly member: string;
}

/** How many members are new in the queue, and how many were there: moved in a `timed` queue, left alone in a `set`. */
export interface MembersAdded {
  readonly created: number;
  readonly known: number;
}

/** @throws NotSupportedError for a regular queue; InvalidOptionError for what cannot be a member */
export function newMember(given: string | Member, route: QueueRoute): NewJob {
  if (route.mode === "regular") {
    throw new NotSupportedError(`queue "${route.queue}" is regular: members are kept in Redis alone; enqueue jobs`);
  }
  const { member, ...options } = typeof given === "string" ? { member: given } : given;
  assertMember(member);
  const due: Due = dueOf(options);
  const job = {
    id: newJobId(),
    queue: route.queue,
    path: memberPath,
    params: JSON.stringify({ member }),
    priority: 0,
    due,
  };
  const keyed = route.kind === "set" || route.kind === "timed";
  const key = keyed ? { key: { value: member, until: "start" as const } } : {};
  return fitQueue({ ...job, ...key, ...(options.score === undefined ? {} : { score: options.score }) }, route);
}

function assertMember(member: unknown): asserts member is string {
  if (typeof member === "string" && member !== "" && member.length <= maxKeyLength && member.isWellFormed()) return;
  throw new InvalidOptionError(`enqueueMembers: a member is a text of 1 to ${maxKeyLength} characters`);
}
