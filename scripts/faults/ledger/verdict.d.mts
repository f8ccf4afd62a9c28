export interface LedgerRecord {
  readonly verb: "TRY" | "OK" | "START" | "END" | "FAIL";
  readonly number: number;
  readonly at: number;
  readonly pid: number;
  readonly id?: string;
}

export interface Fault {
  readonly at: number;
  readonly until: number;
  readonly pids: readonly number[];
}

export interface Verdict {
  readonly acknowledged: number;
  readonly unacknowledged: number;
  readonly lost: number;
  readonly twice: number;
  readonly unexcused: number;
  readonly overlaps: number;
  readonly phantoms: number;
  readonly doubles: number;
  readonly setAside: number;
  readonly violations: readonly string[];
}

export const settleWindow: number;

export function judge(evidence: {
  readonly records: readonly LedgerRecord[];
  readonly faults: readonly Fault[];
  readonly counts: Readonly<Record<string, number>>;
  readonly poison?: ReadonlySet<number>;
  readonly window?: number;
}): Verdict;
