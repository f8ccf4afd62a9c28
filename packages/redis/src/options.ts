import type { ShapeOf } from "@tandemq/core";
import type { ClusterNode, ClusterOptions, RedisOptions } from "ioredis";

/** How to reach a Redis, and under which prefix its keys stand. */
export interface RedisConnectOptions {
  /**
   * `redis://` or `rediss://` address, `redis+sentinel://host:26379,host:26379/group`, or
   * `redis+cluster://host:6379,host:6379` (`rediss+…` with TLS).
   * Default: the server on this machine, unless `options` says otherwise.
   */
  readonly url?: string;
  /** Options of ioredis: TLS, sentinels, credentials. What TandemQ's promises rest on is set by TandemQ. */
  readonly options?: RedisOptions;
  /** Nodes of a cluster to start from; `options` then holds for each node. */
  readonly cluster?: { readonly nodes: readonly ClusterNode[]; readonly options?: ClusterOptions };
  /** First part of every key. Default: `tq`. */
  readonly prefix?: string;
  /** Milliseconds after which a command counts as unanswered. Default: 5,000. */
  readonly deadline?: number;
  /** Is told what cannot be checked and what to do about it, as a sentence. Default: nobody is told. */
  readonly warn?: (message: string) => void;
}

export interface RedisBrokerOptions {
  /** Count finished jobs per status, for queues whose finished jobs are kept nowhere. Default: false. */
  readonly countFinished?: boolean;
  /** Keep jobs that ended without success: at most so many per queue; `true` stands for 10,000. Default: false. */
  readonly keepFailures?: boolean | number;
  /**
   * Hand out jobs that have missed their `startBy`, for a caller that ends them itself. Default: false, they are ended as
   * `expired`.
   */
  readonly handsOutExpired?: boolean;
  /** How each queue is ordered. Default: first in, first out. */
  readonly shapeOf?: ShapeOf;
}

export const defaultDeadline = 5_000;
export const defaultFailures = 10_000;
