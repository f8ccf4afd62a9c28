import type { DoctorContext, StoreName } from "./context.js";

export const severities = ["ok", "warning", "error"] as const;
export type Severity = (typeof severities)[number];

/** What a check found. */
export interface Finding {
  readonly severity: Severity;
  /** What is there. */
  readonly what: string;
  /** What it means for the jobs. */
  readonly means?: string;
  /** What to do about it. */
  readonly todo?: string;
  /** Mends it, where that is safe. */
  readonly mend?: Mend;
}

export interface Mend {
  /** What would be done, as a sentence. */
  readonly what: string;
  /** Does it. @returns what was done */
  run(): Promise<string>;
}

/** One thing to look at. */
export interface Check {
  readonly name: string;
  /** Stores that must answer: without them there is nothing to look at. */
  readonly needs: readonly StoreName[];
  run(context: DoctorContext): Promise<readonly Finding[]>;
}

export function ok(what: string): Finding {
  return { severity: "ok", what };
}

export function warning(what: string, means: string, todo: string, mend?: Mend): Finding {
  return { severity: "warning", what, means, todo, ...(mend ? { mend } : {}) };
}

export function error(what: string, means: string, todo: string, mend?: Mend): Finding {
  return { severity: "error", what, means, todo, ...(mend ? { mend } : {}) };
}
