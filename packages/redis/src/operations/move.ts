import { assertSameOrder, type ChangeAnswer, type JobChange, type JobRef } from "@tandemq/core";
import type { BrokerContext } from "../broker-context.js";
import { withoutKey, writeDue } from "../entry/write-entry.js";
import { receive, settle } from "../generated/lua.js";
import { rankStep, settledBits } from "../keys.js";
import { noteName } from "./queue-names.js";
import { take, type Taken } from "./take.js";

type Done = Extract<Taken, { 1: string }>;

/**
 * Changes a waiting job and puts it into another queue, whose keys may stand on another server: it is held in the old
 * queue, added to the new one, and only then removed. A death in between leaves it in the old queue, or in both.
 */
export async function move(context: BrokerContext, { id, queue }: JobRef, change: JobChange): Promise<ChangeAnswer> {
  assertSameOrder(context.shapeOf, queue, change.queue ?? queue);
  const { connections, keys } = context;
  const { taken, session, number } = await take(context, { id, queue });
  if (taken[0] !== "done") return taken[0] === "held" ? "started" : taken[0];
  const target = change.queue ?? queue;
  const arriving = [keys.wake, target, id, ...changed(taken, change)];
  await noteName(context, target);
  await connections.run("producer", receive, keys.queue(target).of(receive), arriving);
  const block = Math.floor(number / settledBits);
  const leaving = [session, 1, 0, "cancel", id, `${number},`];
  await connections.run(
    "producer",
    settle,
    keys.queue(queue).ofSession(settle, "settled", `${session}:${block}`),
    leaving,
  );
  context.cold.warm([target]);
  return "done";
}

/** Entry, past, status, due time, rank and priority as the new queue gets them. */
function changed([, entry, past, status, rank, due]: Done, change: JobChange): (string | number)[] {
  const [first = "", head = "", ...rest] = entry.split("\n");
  const [queuedAt = "", generation = "", old = "0"] = first.split(" ");
  const priority = change.priority ?? Number(old);
  const text = [`${queuedAt} ${generation} ${priority}`, withoutKey(head), change.params ?? rest.join("\n")].join("\n");
  const newPlace = change.due !== undefined && past === "";
  const when = change.due ? writeDue(change.due) || "+0" : `@${due}`;
  const place = newPlace ? "" : (Number(rank) + (Number(old) - priority) * rankStep).toFixed(0);
  return [text, past, status, when, place, priority];
}
