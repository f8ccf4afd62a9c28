import { InvalidOptionError, NotSupportedError, type TransactionSession } from "@tandemq/core";
import type { ClientSession, Db, MongoClient } from "mongodb";

export const driverOptions = {
  ignoreUndefined: true,
  promoteValues: true,
  promoteLongs: true,
  useBigInt64: false,
} as const;

/** IllegalOperation: a standalone server's answer to a transaction. */
const illegalOperation = 20;

/**
 * The database as the caller's own client sees it: a session can be used with no other. Writes through it are part of
 * the transaction only where the session goes with them.
 *
 * @throws InvalidOptionError when the session is none of the MongoDB driver with a transaction in progress
 */
export function callersDatabase(session: TransactionSession, name: string): { db: Db; session: ClientSession } {
  const own = session as unknown as ClientSession & { readonly client?: MongoClient };
  if (typeof own?.client?.db !== "function" || !session.inTransaction()) {
    throw new InvalidOptionError(
      "session: expected a ClientSession of the MongoDB driver with a transaction in progress",
    );
  }
  return { db: own.client.db(name, driverOptions), session: own };
}

/** Errors of the transaction stay as they are, for the driver's retries; a server without transactions is named. */
export async function withinTransaction<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!isIllegal(error)) throw error;
    throw new NotSupportedError(
      "session: this MongoDB is a standalone server and has no transactions: start mongod with --replSet and initiate it",
      { cause: error },
    );
  }
}

/** The driver puts another error, about retried writes, around the server's answer to a single write. */
function isIllegal(error: unknown): boolean {
  const { code, originalError } = error as { code?: unknown; originalError?: { code?: unknown } };
  return code === illegalOperation || originalError?.code === illegalOperation;
}
