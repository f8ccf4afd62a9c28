import { mannerOf, type Token } from "@tandemq/core";
import type { BrokerContext } from "../broker-context.js";
import type { ConnectionKind } from "../connection/connection.js";
import type { Argument } from "../connection/connections.js";
import { receive as script } from "../generated/lua.js";
import { rememberSettled } from "../keys.js";
import { noteName } from "./queue-names.js";

/** A job on its way into a queue, as its scripts keep it. */
export interface Arrival {
  readonly id: string;
  readonly entry: string;
  readonly past: string;
  readonly status: string;
  /** "+ms" from now, "@ms" at a time. */
  readonly due: string;
  /** Left out: a new place at the end of the line. */
  readonly rank?: string | undefined;
  readonly priority: number;
  /** The unique key that it takes, or "". */
  readonly key: string;
  /** Until when the key is taken at least, milliseconds since the epoch. */
  readonly keyUntil?: number | undefined;
}

/** `here`: the queue has a job of this id already. `leaving`: the same, and somebody is about to move it away. */
export type Received = "done" | "here" | "leaving" | "keyTaken";

/**
 * Puts jobs into a queue that may be another's by now, each under its own id.
 *
 * @param mover who has them until they arrive, if anybody
 */
export async function receive(
  context: BrokerContext,
  queue: string,
  arrivals: readonly Arrival[],
  { kind = "producer", mover = "" }: { kind?: ConnectionKind; mover?: Token } = {},
): Promise<readonly Received[]> {
  const { connections, keys, shapeOf } = context;
  await noteName(context, queue);
  const hold = [mover, 2 * connections.deadline, rememberSettled];
  const heading = [keys.wake, queue, mannerOf(shapeOf(queue)), ...hold];
  const args = [...heading, ...arrivals.flatMap(argumentsOf)];
  return (await connections.run(kind, script, keys.queue(queue).of(script), args)) as Received[];
}

function argumentsOf({ id, entry, past, status, due, rank = "", priority, key, keyUntil }: Arrival): Argument[] {
  return [id, entry, past, status, due, rank, priority, key, keyUntil ?? ""];
}
