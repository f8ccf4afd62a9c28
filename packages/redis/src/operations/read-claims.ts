import { type Claim, MalformedJobError, type SetAside } from "@tandemq/core";
import type { BrokerContext } from "../broker-context.js";
import { readBeginning, readParams, startByOf } from "../entry/read-entry.js";
import { salvage } from "../entry/salvage.js";
import { putAside } from "./put-aside.js";

/** Now, ms until the next job comes due or −1, ids (one text where all have 24 bytes), entries, and positions with "attempt deliveries lost" where not zero. */
export type ClaimReply = readonly [
  now: number,
  wait: number,
  ids: string | readonly string[],
  entries: readonly (string | null)[],
  pasts: readonly (number | string)[],
  /** Where tasks are filtered: the place in line to look from next, or −1 at its end. */
  offset?: number | null,
];

interface Read {
  readonly claims: Claim[];
  readonly setAside: SetAside[];
}

/** The ids, or `undefined` when the text is not what the script wrote: an id is no ASCII text. */
export function readIds(ids: string | readonly string[], count: number): readonly string[] | undefined {
  if (typeof ids !== "string") return ids;
  if (ids.length !== 25 * count - 1) return undefined;
  const found: string[] = [];
  for (let start = 0; start < ids.length; start += 25) found.push(ids.slice(start, start + 24));
  return found;
}

/** Makes claims of what the script took; what cannot be a job is set aside and the rest goes on. */
export async function readClaims(
  context: BrokerContext,
  queue: string,
  tokens: string,
  first: number,
  ids: readonly string[],
  [now, , , entries, pasts]: ClaimReply,
): Promise<Read> {
  const claims: Claim[] = [];
  const setAside: SetAside[] = [];
  const aside: Promise<void>[] = [];
  let next = 0;
  for (let i = 0; i < ids.length; i++) {
    const past = pasts[next] === i + 1 ? String(pasts[next + 1]) : undefined;
    if (past !== undefined) next += 2;
    const id = ids[i] as string;
    if (id === "") continue;
    const token = tokens + (first + i);
    try {
      claims.push(readClaim(id, queue, token, entries[i] ?? null, past, now));
    } catch (error) {
      const reason = reasonOf(error);
      const job = salvage(queue, id, entries[i] ?? null, reason, now);
      setAside.push({ queue, id, reason, job });
      aside.push(putAside(context, id, token, reason, job));
    }
  }
  await Promise.all(aside);
  const timed = context.shapeOf(queue).kind === "timed";
  return { claims: timed ? claims.map((claim) => ({ ...claim, timed })) : claims, setAside };
}

const none: readonly number[] = [];

function readClaim(
  id: string,
  queue: string,
  token: string,
  text: string | null,
  past: string | undefined,
  claimedAt: number,
): Claim {
  if (!/^[0-9a-f]{24}$/.test(id)) throw new MalformedJobError("the entry's id is not 24 hexadecimal digits");
  const beginning = readBeginning(text);
  const params = readParams(text, beginning);
  const { head, priority, generation, queuedAt } = beginning;
  const { path, settings, key, tags, parent, meta, score } = head;
  const [attempt = 0, deliveries = 0, lost = 0] = past === undefined ? none : past.split(" ").map(Number);
  return {
    id,
    queue,
    token,
    path,
    params,
    priority,
    generation,
    attempt: attempt + 1,
    deliveries: deliveries + 1,
    lost,
    settings,
    key,
    tags,
    parent,
    startBy: head.startBy && startByOf(beginning),
    score,
    meta,
    ...(head.seen || (past !== undefined && deliveries === 0) ? { seen: true } : {}),
    queuedAt,
    claimedAt,
  };
}

function reasonOf(error: unknown): string {
  if (error instanceof MalformedJobError) return error.message;
  throw error;
}
