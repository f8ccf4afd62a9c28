import type { JsonObject } from "./json.js";

/** What a member stands for. */
export interface MemberJob {
  readonly path: string;
  readonly params: JsonObject;
}

/** Turns a member of a queue (a bare text) into a job. Called at each of its claims: the same text, the same job. */
export type MemberFactory = (member: string) => MemberJob;

/** Path of an entry that is a member until it is claimed; its params are `{ member }`. */
export const memberPath = "tandemq.member";
