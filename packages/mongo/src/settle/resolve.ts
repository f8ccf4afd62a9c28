import type { SettleAnswer } from "@tandemq/core";
import type { Connection } from "../connection/connection.js";
import { isClosed, isUnavailable } from "../connection/errors.js";
import type { Stored } from "../documents/job-document.js";
import { refused } from "./refused.js";
import type { Item } from "./settle-batch.js";
import type { LandMissing, SettleSpec } from "./settle.js";

/** Reads again and answers what is decided; returns the items that are still held by their own delivery. */
export async function resolve({ jobs }: Connection, batch: readonly Item[], spec: SettleSpec): Promise<Item[]> {
  const projection = { token: 1, status: 1, generation: 1 } as const;
  const found = await jobs.find({ _id: { $in: batch.map(({ _id }) => _id) } }, { projection }).toArray();
  const byId = new Map<string, Stored>(found.map((stored) => [stored._id.toHexString(), stored]));
  const open: Item[] = [];
  for (const item of batch) {
    const fate = fateOf(item, byId.get(item.id), spec);
    if (fate === "open") open.push(item);
    else if (fate === "absent" && spec.land) item.answer(await landed(item, spec.land));
    else item.answer({ state: fate === "settled" ? fate : "lost" });
  }
  return open;
}

async function landed(item: Item, land: LandMissing): Promise<SettleAnswer> {
  try {
    return (await land(item)) ?? { state: "lost" };
  } catch (error) {
    if (isUnavailable(error) || isClosed(error)) throw error;
    return refused(error);
  }
}

/** `absent`: there is no document of this life of the job. */
function fateOf(
  { settlement: { generation, token } }: Item,
  stored: Stored | undefined,
  { fencesLife }: SettleSpec,
): "open" | "settled" | "lost" | "absent" {
  if (!stored) return "absent";
  if (fencesLife && generation !== undefined && stored.generation !== generation) {
    return (stored.generation as number) < generation ? "absent" : "lost";
  }
  if (stored.token !== token) return "lost";
  return stored.status === "started" ? "open" : "settled";
}
