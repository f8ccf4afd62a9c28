/** One experiment: `run` injects its faults, `limit` is the longest recovery and `window` the longest settlement in milliseconds. */
export interface Experiment {
  readonly name: string;
  readonly limit: number;
  readonly window: number;
  run(rig: unknown): Promise<unknown>;
}

export function experiments(size: "full" | "quick" | "test"): Experiment[];
