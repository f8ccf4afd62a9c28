import { type ChangeAnswer, defaults, type JobChange, isOrderedByCaller, type JobRef, mannerOf } from "@tandemq/core";
import { type BrokerContext, groupBy, mostJobs, pieces } from "../broker-context.js";
import type { Argument } from "../connection/connections.js";
import { writeDue } from "../entry/write-entry.js";
import * as scripts from "../generated/lua.js";

export function cancel(context: BrokerContext, refs: readonly JobRef[]): Promise<ChangeAnswer[]> {
  const heading = ["-", 1, context.counts ? 1 : 0, context.failures];
  const argsOf = (id: string) => [id, "", "cancel", defaults.keepFailures, ""];
  return change(context, scripts.fail, refs, () => heading, argsOf);
}

export function remove(context: BrokerContext, refs: readonly JobRef[]): Promise<ChangeAnswer[]> {
  return removeOf("any", context, refs);
}

/** Drops what is kept of failed jobs; one that is in line again stays there. */
export async function forget(context: BrokerContext, refs: readonly JobRef[]): Promise<void> {
  await removeOf("kept", context, refs);
}

function removeOf(which: "any" | "kept", context: BrokerContext, refs: readonly JobRef[]): Promise<ChangeAnswer[]> {
  return change(
    context,
    scripts.remove,
    refs,
    () => [which],
    (id) => [id],
  );
}

export function requeue(context: BrokerContext, refs: readonly JobRef[]): Promise<ChangeAnswer[]> {
  return change(
    context,
    scripts.requeue,
    refs,
    (queue) => [context.keys.wake, queue, mannerOf(context.shapeOf(queue))],
    (id) => [id],
  );
}

/** Changes a waiting job within its queue. */
export async function edit(
  { connections, keys, shapeOf }: BrokerContext,
  { queue, id }: JobRef,
  to: JobChange,
): Promise<ChangeAnswer> {
  const due = to.due === undefined ? "" : writeDue(to.due) || "+0";
  const tags = to.tags ? JSON.stringify(to.tags) : "";
  const shape = shapeOf(queue);
  const priority = isOrderedByCaller(shape) ? "" : (to.priority ?? "");
  const args = [keys.wake, queue, id, due, priority, to.params ?? "", mannerOf(shape), tags];
  return (await connections.run("producer", scripts.edit, keys.queue(queue).of(scripts.edit), args)) as ChangeAnswer;
}

async function change(
  { connections, keys }: BrokerContext,
  script: scripts.LuaScript,
  refs: readonly JobRef[],
  headingOf: (queue: string) => readonly Argument[],
  argsOf: (id: string) => readonly Argument[],
): Promise<ChangeAnswer[]> {
  const answers: ChangeAnswer[] = refs.map(() => "missing");
  for (const [queue, positions] of groupBy(refs, (ref) => ref.queue)) {
    for (const piece of pieces(positions, mostJobs)) {
      const args = [...headingOf(queue), ...piece.flatMap((position) => argsOf(refs[position]?.id ?? ""))];
      const reply = (await connections.run(
        "producer",
        script,
        keysFor(keys.queue(queue), script),
        args,
      )) as ChangeAnswer[];
      reply.forEach((answer, i) => {
        answers[piece[i] as number] = answer;
      });
    }
  }
  return answers;
}

/** A cancel holds no token; the key of settled tokens is named but not used. */
function keysFor(queue: ReturnType<BrokerContext["keys"]["queue"]>, script: scripts.LuaScript): readonly string[] {
  return queue.ofSession(script, "settled", "-");
}
