/** What a life left behind: its story, its faults, what its stores hold, and how its workers ended. */
export interface Evidence {
  readonly records: readonly object[];
  readonly faults: readonly object[];
  readonly outcome: object;
  readonly setup: object;
  readonly memory: readonly (readonly number[])[];
  readonly ends: readonly object[];
  readonly folder: string;
}

export function judge(evidence: Evidence): {
  readonly violations: readonly string[];
  readonly figures: { readonly jobs: number; readonly runs: number; readonly faults: number };
};
