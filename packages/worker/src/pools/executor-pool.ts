import type { Json, NewJob, Outcome } from "@tandemq/core";
import type { Delivery } from "../delivery.js";
import type { AbortReason, LogLine } from "../executor/assignment.js";
import type { TakeAction } from "../executor/take-action.js";
import type { SubJobAnswer } from "../executor/sub-jobs.js";
import type { Catalog, TaskFault } from "../tasks/task-registry.js";

/** Where jobs run. The pools differ in nothing else. */
export interface ExecutorPool {
  /**
   * Resolves when the first job can be taken.
   * @throws TaskLoadError when the tasks cannot be used at all
   */
  start(): Promise<void>;
  /** Jobs that can be taken now. */
  readonly free: number;
  /** Jobs that can be handed over now: to free slots, or to wait there for the next one. */
  readonly room: number;
  /** Most jobs that may be claimed beyond the free slots: no more than what runs here can take before it is replaced. */
  readonly ahead: number;
  /** Jobs whose code runs. */
  readonly busy: number;
  /** Jobs that were handed over and wait for a slot. */
  readonly waiting: number;
  /** Runs the jobs and returns those that found no place: a slot was lost since it was counted. */
  run(deliveries: readonly Delivery[]): readonly Delivery[];
  /** Gives back what waits. */
  release(): void;
  /** Aborts the signals of these jobs. */
  abort(deliveries: readonly Delivery[], reason: AbortReason): void;
  /** Ends a run by force, where a process can be ended for it: the outcome is its job's, the neighbours go back free. */
  kill(delivery: Delivery, outcome: Outcome): void;
  /** Ends the pool; what still runs there is killed. */
  stop(): Promise<void>;
  readonly children: readonly ChildReport[];
}

/** What a pool tells its supervisor. */
export interface PoolListener {
  /** Without an outcome nothing is to be settled. */
  ended(delivery: Delivery, outcome: Outcome | undefined, keep: number | undefined): void;
  progress(delivery: Delivery, value: Json): void;
  log(delivery: Delivery, line: LogLine): void;
  /** Adds what runs enqueue; answers stand in the order of the jobs. Never rejects. */
  enqueue(jobs: readonly NewJob[]): Promise<readonly SubJobAnswer[]>;
  /** Asks a limit for one action of a run. */
  readonly take: TakeAction;
  /** Slots may be free that were not. */
  freed(): void;
  loaded(catalog: Catalog, faults: readonly TaskFault[]): void;
  /** The run's slot was freed although its code still runs. */
  abandoned(delivery: Delivery): void;
  childEnded(end: ChildEnd): void;
  blocked(pid: number, blocked: Blocked): void;
}

/** A child whose main thread is held: since when, by which job, and where. */
export interface Blocked {
  readonly ms: number;
  readonly running: readonly Delivery[];
  readonly holder?: Delivery;
  readonly stack?: readonly string[];
}

/** How a child ended, and what was in it. */
export interface ChildEnd {
  readonly pid: number;
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The supervisor wanted it. */
  readonly intended: boolean;
  /** What the child said of its end, if it could. */
  readonly why?: string;
  readonly error?: { readonly name: string; readonly message: string; readonly stack?: string };
  /** Ended while it imported this file. */
  readonly importing?: string;
  readonly running: readonly Delivery[];
  /** Jobs that it was sent and that had not begun. */
  readonly waiting: readonly Delivery[];
}

/** One child in a heartbeat's report. Memory in bytes, times in milliseconds. */
export interface ChildReport {
  readonly pid: number;
  readonly state: string;
  readonly running: number;
  readonly started: number;
  readonly rss: number;
  /** Processor time since its start. */
  readonly cpu: number;
  /** Longest delay of its event loop in the last second. */
  readonly loopDelay: number;
  readonly blocked: boolean;
}
