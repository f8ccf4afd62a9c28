/** Adds jobs, does one thing to all of them, and tells how long that took: the look for them included. */
import { now } from "./clock.mjs";
import { paramsOf } from "./work.mjs";

/** Beside the verbs themselves: into another queue of the mode, of what is over, into a queue of another mode. */
const meant = {
  "requeue to": { verb: "requeue", goes: true, over: true },
  "remove over": { verb: "remove", over: true },
  "move to": { verb: "move", goes: true },
  move: { verb: "move", goes: true },
  requeue: { verb: "requeue", over: true },
};

export async function actOnMany(peer, setup) {
  const { queue, count, to } = setup;
  const { verb, goes, over } = meant[setup.verb] ?? { verb: setup.verb };
  const target = `${to}-other`;
  const client = await peer.client({ ...setup, queues: { [queue]: peer.name, [target]: to } });
  for (let i = 0; i < count; i += 1000) {
    const list = Array.from({ length: Math.min(1000, count - i) }, (_, k) => paramsOf(i + k));
    await client.enqueueMany(`bench.${setup.task}`, list, { queue });
  }
  if (over) await client.action("cancel", { queue }).result();
  const filter = { queue, ...(over && { status: ["cancel"] }) };
  const options = { ...(goes && { to: target }), ...(verb === "edit" && { priority: 1 }) };
  const began = now();
  const report = await client.action(verb, filter, options).result();
  const seconds = (now() - began) / 1000;
  await client.close();
  return { seconds, report };
}
