import { assertSameOrder, type ChangeAnswer, type JobChange, type JobRef } from "@tandemq/core";
import type { BrokerContext } from "../broker-context.js";
import { parkedDue, readBeginning } from "../entry/read-entry.js";
import { keyUntil, withTags, writeDue } from "../entry/write-entry.js";
import { settle } from "../generated/lua.js";
import { rankStep, settledBits } from "../keys.js";
import { type Arrival, receive } from "./receive.js";
import { stay } from "./stay.js";
import { type Hold, take, type Taken } from "./take.js";

type Done = Extract<Taken, { 1: string }>;

/**
 * Changes a waiting job and puts it into another queue, whose keys may stand on another server: it is held in the old
 * queue, added to the new one, and only then removed. A death in between leaves it in the old queue, or in both. One whose
 * unique key is another's in the new queue stays where it was; so does one that somebody moves from there to here, or both
 * would delete it. One that is parked still, after its mover's death, has arrived.
 */
export async function move(context: BrokerContext, ref: JobRef, change: JobChange): Promise<ChangeAnswer> {
  const { id, queue } = ref;
  const target = change.queue ?? queue;
  assertSameOrder(context.shapeOf, queue, target);
  const hold = await take(context, ref);
  const { taken } = hold;
  if (taken[0] !== "done") return taken[0] === "held" ? "started" : taken[0];
  const [received] = await receive(context, target, [{ id, ...changed(taken, change) }]);
  if (received === "keyTaken" || received === "leaving") {
    await stay(context, queue, [{ id, token: hold.token, status: taken[3], due: taken[5] }]);
    return received === "leaving" ? "started" : "keyTaken";
  }
  await leave(context, ref, hold);
  context.cold.warm([target]);
  return "done";
}

async function leave({ connections, keys }: BrokerContext, { id, queue }: JobRef, { session, number }: Hold) {
  const own = keys.queue(queue).ofSession(settle, "settled", `${session}:${Math.floor(number / settledBits)}`);
  await connections.run("producer", settle, own, [session, 1, 0, "moved", id, `${number},`]);
}

/** The job as the new queue gets it. */
function changed([, entry, past, status, rank, due, key]: Done, change: JobChange): Omit<Arrival, "id"> {
  const [first = "", head = "", ...rest] = entry.split("\n");
  const [queuedAt = "", generation = "", old = "0"] = first.split(" ");
  const priority = change.priority ?? Number(old);
  const moving = change.tags ? withTags(head, change.tags) : head;
  const text = [`${queuedAt} ${generation} ${priority}`, moving, change.params ?? rest.join("\n")].join("\n");
  const newPlace = change.due !== undefined && past === "";
  return {
    ...{ entry: text, past, status, priority, key },
    ...(key !== "" && { keyUntil: keyUntil(readBeginning(entry)) }),
    due: change.due ? writeDue(change.due) || "+0" : `@${parkedDue(entry, due) ?? due}`,
    rank: newPlace ? undefined : (Number(rank) + (Number(old) - priority) * rankStep).toFixed(0),
  };
}
