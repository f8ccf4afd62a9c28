import type { Experiment } from "./experiments/index.mjs";
import type { Verdict } from "./ledger/verdict.mjs";
import type { Random } from "./random.mjs";

export interface Setup {
  /** Marks every process and begins the name of every key and collection. */
  readonly run: string;
  readonly mode: "regular" | "raw" | "no-storage";
  /** Takes the ledgers. */
  readonly folder: string;
  readonly stores: { readonly [store in "mongo" | "redis"]: { readonly url: string } };
  readonly random: Random;
}

export interface Row extends Verdict {
  readonly faults: number;
  /** Processes left over. */
  readonly left: number;
}

export function runExperiment(experiment: Experiment, setup: Setup): Promise<Row>;
