import { checkConnection } from "./checks/connection.js";
import { checks } from "./checks/index.js";
import type { DoctorContext, StoreName } from "./context.js";
import { type Check, error, type Finding, type Severity, severities } from "./finding.js";

/** What one check found. */
export interface Diagnosis extends Finding {
  readonly check: string;
}

/** Looks at everything that can be looked at; a check that fails is a finding, and the others go on. */
export async function examine(context: DoctorContext): Promise<Diagnosis[]> {
  const configured = (["mongo", "redis"] as const).filter((store) => context.stores[store] !== undefined);
  const found: Diagnosis[] = [];
  const answering: StoreName[] = [];
  for (const store of configured) {
    const finding = await checkConnection(context, store);
    found.push({ check: `${store}-connection`, ...finding });
    if (finding.severity !== "error") answering.push(store);
  }
  const reachable = answering.length === configured.length;
  for (const check of checks) {
    const needs = check.needs.length > 0 ? check.needs : configured;
    const possible = check.needs.length > 0 ? needs.every((store) => answering.includes(store)) : reachable;
    if (possible) found.push(...(await run(check, context)));
  }
  return found;
}

/** The worst there is. */
export function worst(findings: readonly Finding[]): Severity {
  const ranks = findings.map(({ severity }) => severities.indexOf(severity));
  return severities[Math.max(0, ...ranks)] ?? "ok";
}

async function run({ name, run: look }: Check, context: DoctorContext): Promise<Diagnosis[]> {
  try {
    return (await look(context)).map((finding) => ({ check: name, ...finding }));
  } catch (thrown) {
    const why = thrown instanceof Error ? thrown.message : String(thrown);
    const finding = error(
      `could not be checked: ${why}`,
      "Whether all is well there is unknown.",
      "See the reason, and try again.",
    );
    return [{ check: name, ...finding }];
  }
}
