import { StoreRefusedError } from "@tandemq/core";
import type { Db } from "mongodb";

const oldest = 5;

export interface Server {
  /** A replica set or a sharded cluster: changes can be listened to. */
  readonly tellsChanges: boolean;
  /** What the layout takes away, a sentence each. */
  readonly warnings: readonly string[];
}

/**
 * Version and layout of the server.
 *
 * @throws StoreRefusedError when it is older than 5.0
 */
export async function inspect(db: Db): Promise<Server> {
  const { version } = (await db.command({ buildInfo: 1 })) as { version?: string };
  if (Number.parseInt(version ?? "", 10) < oldest) {
    throw new StoreRefusedError(
      `MongoDB ${version} is too old: TandemQ needs ${oldest}.0 or newer; upgrade the server`,
    );
  }
  const { setName, msg } = (await db.command({ hello: 1 })) as { setName?: string; msg?: string };
  const tellsChanges = setName !== undefined || msg === "isdbgrid";
  return { tellsChanges, warnings: tellsChanges ? [] : [standaloneWarning] };
}

const standaloneWarning =
  "it is a standalone server: no change streams (new work is found by polling, up to 1 s later), no transactions, and " +
  "acknowledged writes of the last moments are lost when the machine dies; a replica set of one member mends the " +
  "first two (start mongod with --replSet and initiate it), three members all of them";
