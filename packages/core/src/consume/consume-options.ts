import { InvalidOptionError } from "../errors/errors.js";
import { checkSignal } from "../rules/check-arguments.js";
import { defaults } from "../rules/defaults.js";
import { type Duration, toMs } from "../rules/duration.js";
import { checkInteger, refuseUnknown } from "../tasks/check-task-options.js";

export interface ConsumeOptions {
  /** Most jobs held at once: claimed and not settled. Default: 1. */
  readonly max?: number;
  /** How long a job is kept from others when this process dies; extended while it lives. From 1 s to 1 day. Default: 30 s. */
  readonly lease?: Duration;
  /** The loop ends when nothing has come for so long; 0: when nothing is due. Default: it waits for ever. */
  readonly wait?: Duration;
  /** Ends the loop. */
  readonly signal?: AbortSignal;
}

/** Options of a consumer, complete; times in milliseconds. */
export interface ConsumeSettings {
  readonly max: number;
  readonly lease: number;
  readonly wait: number;
  readonly signal: AbortSignal | undefined;
}

/** A holder that dies must not keep its jobs from others for ever. Milliseconds. */
const longestLease = 86_400_000;

/** @throws InvalidOptionError */
export function consumeSettings(options: ConsumeOptions): ConsumeSettings {
  refuseUnknown(options, ["max", "lease", "wait", "signal"], "consume");
  const { max = 1, lease, wait, signal } = options;
  checkInteger(max, 1, 10_000, "consume: max");
  checkSignal(signal, "consume");
  const leaseMs = lease === undefined ? defaults.lease : toMs(lease, "consume: lease");
  if (leaseMs < 1000) throw new InvalidOptionError(`consume: lease: expected at least 1 s, got ${leaseMs} ms`);
  if (leaseMs > longestLease) throw new InvalidOptionError(`consume: lease: expected at most 1 day, got ${leaseMs} ms`);
  return {
    max,
    lease: leaseMs,
    wait: wait === undefined ? Number.POSITIVE_INFINITY : toMs(wait, "consume: wait"),
    signal,
  };
}
