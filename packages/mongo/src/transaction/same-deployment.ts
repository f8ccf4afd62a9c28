import { InvalidOptionError } from "@tandemq/core";
import type { Db, MongoClient } from "mongodb";

const checked = new WeakMap<MongoClient, Set<string>>();

/**
 * Makes sure, once per client, that the caller's client speaks to the deployment that the jobs are in: in another one
 * they would be written and never be found.
 *
 * @throws InvalidOptionError
 */
export async function checkSameDeployment(client: MongoClient, ours: Db): Promise<void> {
  const known = checked.get(client) ?? new Set();
  checked.set(client, known);
  const mine = await nameOf(ours);
  if (known.has(mine)) return;
  const theirs = await nameOf(client.db("admin"));
  if (theirs !== mine) {
    throw new InvalidOptionError(`session: its client is connected to ${theirs}, but the jobs are in ${mine}`);
  }
  known.add(mine);
}

const names = new WeakMap<MongoClient, string>();

/** A replica set is known by its name and its members; routers do not tell, and are taken to lead to one place. */
async function nameOf(db: Db): Promise<string> {
  const known = names.get(db.client);
  if (known !== undefined) return known;
  const { setName, hosts, msg } = (await db.command({ hello: 1 })) as {
    setName?: string;
    hosts?: string[];
    msg?: string;
  };
  const name =
    msg === "isdbgrid"
      ? "a sharded cluster"
      : setName
        ? `${setName} (${[...(hosts ?? [])].sort().join()})`
        : "a standalone server";
  names.set(db.client, name);
  return name;
}
