import { InvalidResultError, type SettleAnswer } from "@tandemq/core";

/** The answer for an outcome that the store cannot hold. */
export function refused(cause: unknown): SettleAnswer {
  if (cause instanceof InvalidResultError) return { state: "refused", error: cause };
  const why = cause instanceof Error ? cause.message : String(cause);
  return { state: "refused", error: new InvalidResultError(`MongoDB cannot hold this outcome: ${why}`) };
}

export function tooLarge(bytes: number): InvalidResultError {
  return new InvalidResultError(
    `the outcome is ${bytes} bytes, a MongoDB document holds 16 MiB: store the data elsewhere and return a reference`,
  );
}
