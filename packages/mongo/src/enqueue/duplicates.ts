import type { EnqueueAnswer } from "@tandemq/core";
import type { Connection } from "../connection/connection.js";
import { isClosed, isUnavailable } from "../connection/errors.js";
import type { Draft } from "./insert.js";
import { meetOwner } from "./meet-owner.js";
import { keyFields, withoutLapsed } from "./lapsed-keys.js";
import { refusal } from "./refusal.js";

/** Answers those whose id was enqueued before, and those whose key is taken; returns the ones for which neither is so. */
export async function resolveDuplicates(connection: Connection, drafts: readonly Draft[]): Promise<Draft[]> {
  const rest = await answerKnownIds(connection, drafts);
  const left: Draft[] = [];
  for (const draft of rest) {
    const met = await meetOwner(connection, draft).catch((error: unknown) => refused(error));
    if (met) draft.answer(met);
    else left.push(draft);
  }
  return answerTakenKeys(connection, left);
}

function refused(error: unknown): EnqueueAnswer {
  if (isUnavailable(error) || isClosed(error)) throw error;
  return { state: "refused", error: refusal(error) };
}

async function answerKnownIds({ jobs }: Connection, drafts: readonly Draft[]): Promise<Draft[]> {
  const ids = drafts.map(({ document }) => document._id);
  const found = await jobs.find({ _id: { $in: ids } }, { projection: { _id: 1 } }).toArray();
  const known = new Set(found.map(({ _id }) => _id.toHexString()));
  return drafts.filter((draft) => {
    if (!known.has(draft.id)) return true;
    draft.answer({ state: "enqueued", id: draft.id, created: true });
    return false;
  });
}

async function answerTakenKeys(connection: Connection, drafts: readonly Draft[]): Promise<Draft[]> {
  const keys = drafts.map(({ document: { queue, held } }) => ({ queue, held: held ?? { $exists: true } }));
  if (keys.length === 0) return [];
  const found = await connection.jobs.find({ $or: keys }, { projection: keyFields }).toArray();
  const owners = await withoutLapsed(connection.jobs, found, await connection.clock.now());
  const owner = new Map(owners.map(({ _id, queue, held }) => [nameOf(queue, held), _id.toHexString()]));
  return drafts.filter((draft) => {
    const id = owner.get(nameOf(draft.document.queue, draft.document.held));
    if (id !== undefined) draft.answer({ state: "enqueued", id, created: false });
    return id === undefined;
  });
}

function nameOf(queue: string, key: string | undefined): string {
  return JSON.stringify([queue, key]);
}
