import type { Broker } from "@tandemq/core";

/** A kind of broker under test, and what it promises beyond the port. */
export interface Subject {
  readonly name: string;
  /** Whether successes can be looked at afterwards. */
  readonly keepsSuccesses: boolean;
  /** Whether jobs that ended otherwise can be looked at and requeued afterwards. */
  readonly keepsFailures: boolean;
  /** Whether `counts` includes finished jobs. */
  readonly countsFinished: boolean;
  /**
   * When an id that is enqueued again after its job has ended is known: at the enqueue, which then changes nothing; at
   * the claim, which then gives nothing; or never, and the job runs again.
   */
  readonly knowsEnded: "at enqueue" | "at claim" | "never";
  /** `false`: jobs cannot be found by their params. Default: they can. */
  readonly findsParams?: boolean;
  /** Whether queues may be of the kinds `sorted` and `timed`. */
  readonly kinds: boolean;
  /**
   * Whether the times of new jobs are told by the producer, which knows the store's clock from a while ago, and others by
   * the store itself: the former may be behind by as long as an answer of a busy server takes.
   */
  readonly producerTellsTime?: true;
  /** Waiting jobs in the test of long lines. */
  readonly longLine: number;
  open(): Promise<Harness>;
}

/** A store of its own with brokers on it. */
export interface Harness {
  readonly broker: Broker;
  /** Another broker on the same store, as another process has it. Lives as long as the harness. */
  readonly other: Broker;
  close(): Promise<void>;
}
