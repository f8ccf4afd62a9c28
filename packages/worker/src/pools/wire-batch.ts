import type { Delivery } from "../delivery.js";
import { assignmentHead } from "../executor/assignment.js";
import { encodeFrame } from "./frames.js";
import type { WireGroup, WireKind } from "./messages.js";

interface Group extends WireGroup {
  readonly jobs: (number | string)[];
  readonly tokens?: string[];
}

/**
 * The jobs as one frame: params behind the heads, unread, and what neighbours have in common said once. Thousands go this
 * way each second: what is not sent need not be written and read.
 */
export function encodeJobs(deliveries: readonly Delivery[]): Buffer {
  const groups: Group[] = [];
  let group: Group | undefined;
  let last: Delivery | undefined;
  let body = "";
  for (const delivery of deliveries) {
    if (!group || !last || !isAlike(last, delivery)) groups.push((group = groupOf(delivery)));
    const { id, params, token } = delivery.claim;
    group.jobs.push(delivery.n, id, params.length);
    group.tokens?.push(token);
    body += params;
    last = delivery;
  }
  return encodeFrame(JSON.stringify({ t: "run", groups }), body);
}

function groupOf(delivery: Delivery): Group {
  const { n: _, id: __, token, ...kind } = assignmentHead(delivery);
  return { kind: kind satisfies WireKind, jobs: [], ...(token === undefined ? {} : { tokens: [] }) };
}

/** Whether all but number, id, params and token are the same. Settings that one store read at once are one object. */
function isAlike(one: Delivery, other: Delivery): boolean {
  const { claim: a } = one;
  const { claim: b } = other;
  return (
    one.source === other.source &&
    one.failure === other.failure &&
    a.path === b.path &&
    a.queue === b.queue &&
    a.attempt === b.attempt &&
    a.deliveries === b.deliveries &&
    a.generation === b.generation &&
    a.parent === b.parent &&
    a.meta === b.meta &&
    a.timed === b.timed &&
    (a.settings === b.settings || (isEmpty(a.settings) && isEmpty(b.settings)))
  );
}

function isEmpty(settings: object): boolean {
  for (const _ in settings) return false;
  return true;
}
