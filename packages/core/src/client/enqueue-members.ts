import { InvalidOptionError, NotSupportedError } from "../errors/errors.js";
import type { Due, NewJob } from "../model/job.js";
import { newJobId } from "../model/job-id.js";
import { memberPath } from "../model/member.js";
import type { QueueRoute } from "../ports/deployment.js";
import { refuseUnknown } from "../tasks/check-task-options.js";
import { dueOf, type EnqueueOptions } from "./enqueue-options.js";
import { maxKeyLength } from "./key-options.js";
import { enqueueStream, type StreamOptions, type StreamResult } from "./enqueue-stream.js";
import { fitQueue, isKeyed } from "./fit-queue.js";

/** A bare text that the queue's factory turns into a job when it is claimed. */
export interface Member extends Pick<EnqueueOptions, "score" | "at" | "delay"> {
  readonly member: string;
}

/**
 * Adds members, in batches of bounded memory.
 *
 * @throws NotSupportedError for a regular queue
 */
export async function enqueueMembers(
  route: QueueRoute,
  members: Iterable<string | Member> | AsyncIterable<string | Member>,
  options: StreamOptions,
): Promise<StreamResult> {
  assertTakesMembers(route);
  const add = (jobs: readonly NewJob[]) => route.broker.enqueue(jobs);
  return enqueueStream(members, (member) => newMember(member, route), add, options);
}

function assertTakesMembers({ mode, queue }: QueueRoute): void {
  if (mode !== "regular") return;
  throw new NotSupportedError(`queue "${queue}" is regular: members are kept in Redis alone; enqueue jobs`);
}

/** @throws InvalidOptionError for what cannot be a member */
function newMember(given: string | Member, route: QueueRoute): NewJob {
  const { member, ...options } = typeof given === "string" ? { member: given } : memberOf(given);
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
  const key = isKeyed(route.kind) ? { key: { value: member, until: "start" as const } } : {};
  return fitQueue({ ...job, ...key, ...(options.score === undefined ? {} : { score: options.score }) }, route);
}

function memberOf(given: Member): Member {
  refuseUnknown(given, ["member", "score", "at", "delay"], "enqueueMembers");
  return given;
}

function assertMember(member: unknown): asserts member is string {
  if (typeof member === "string" && member !== "" && member.length <= maxKeyLength && member.isWellFormed()) return;
  throw new InvalidOptionError(`enqueueMembers: a member is a text of 1 to ${maxKeyLength} characters`);
}
