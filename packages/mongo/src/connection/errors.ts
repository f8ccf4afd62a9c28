import { BrokerUnavailableError, ClosedError, localAdvice, StoreRefusedError, TandemQError } from "@tandemq/core";
import {
  MongoBulkWriteError,
  MongoClientClosedError,
  MongoError,
  MongoNetworkError,
  MongoNotConnectedError,
  MongoServerError,
  MongoServerSelectionError,
  MongoTopologyClosedError,
  MongoWriteConcernError,
  type WriteError,
} from "mongodb";

/**
 * Codes of a server that cannot act now, or was interrupted while it did: HostUnreachable, HostNotFound,
 * NetworkTimeout, MaxTimeMSExpired, WriteConcernFailed, ShutdownInProgress, PrimarySteppedDown,
 * UnsatisfiableWriteConcern, FailedToSatisfyReadPreference, SocketException, NotWritablePrimary and its kin.
 */
const unavailableCodes: ReadonlySet<number> = new Set([
  6, 7, 50, 64, 89, 91, 100, 133, 189, 262, 9001, 10107, 11600, 11602, 13435, 13436,
]);

/** Unauthorized, AuthenticationFailed. */
const deniedCodes: ReadonlySet<number> = new Set([13, 18]);

export const duplicateKey = 11000;
export const namespaceExists = 48;
export const indexNotFound = 27;
export const validationFailed = 121;

export function codeOf(error: unknown): number | undefined {
  return error instanceof MongoServerError && typeof error.code === "number" ? error.code : undefined;
}

/** The items of a bulk write that failed; none when it failed as a whole. */
export function writeErrorsOf(error: unknown): readonly WriteError[] {
  return error instanceof MongoBulkWriteError ? [error.writeErrors].flat() : [];
}

/** Whether the store did not answer, or not finally: it may have acted or not. */
export function isUnavailable(error: unknown): boolean {
  if (error instanceof MongoBulkWriteError) return isUnavailableBulk(error);
  if (error instanceof MongoNetworkError || error instanceof MongoServerSelectionError) return true;
  return error instanceof MongoWriteConcernError || isTransient(error);
}

export function isClosed(error: unknown): boolean {
  return (
    error instanceof MongoClientClosedError ||
    error instanceof MongoNotConnectedError ||
    error instanceof MongoTopologyClosedError ||
    (error instanceof Error && error.name === "MongoExpiredSessionError")
  );
}

/** A driver's error as callers get it: coded, with the address but no password, and with what to do. */
export function translate(error: unknown, what: string, address: string): unknown {
  if (error instanceof TandemQError) return error;
  if (isClosed(error)) return new ClosedError(`the connection to ${address}`);
  if (deniedCodes.has(codeOf(error) ?? 0)) {
    const why = (error as Error).message;
    return new StoreRefusedError(
      `${what}: MongoDB at ${address} refused (${why}); check user and password, and that the user has the role readWrite`,
      { cause: error },
    );
  }
  if (!isUnavailable(error)) return error;
  const tried = error instanceof Error ? error.message : String(error);
  return new BrokerUnavailableError(
    `${what}: MongoDB at ${address} did not answer (${tried}); check that it runs, that the address is right and that it has a primary${localAdvice(address)}`,
    { cause: error },
  );
}

function isTransient(error: unknown): boolean {
  if (!(error instanceof MongoError)) return false;
  const code = codeOf(error);
  return (
    error.hasErrorLabel("RetryableWriteError") ||
    error.hasErrorLabel("RetryableError") ||
    (code !== undefined && unavailableCodes.has(code))
  );
}

/** The driver wraps errors of the network too: then there is neither a server's code nor an item's error. */
function isUnavailableBulk(error: MongoBulkWriteError): boolean {
  const answered = writeErrorsOf(error).length > 0 || codeOf(error) !== undefined;
  return !answered || error.result?.getWriteConcernError() !== undefined || isTransient(error);
}
