import { gather } from "./gather.mjs";
import * as ends from "./rules/ends.mjs";
import * as installation from "./rules/installation.mjs";
import * as keys from "./rules/keys.mjs";
import * as limits from "./rules/limits.mjs";
import * as runs from "./rules/runs.mjs";

const rules = [ends, runs, limits, keys, installation].flatMap((file) => Object.entries(file));

/** Joins the story with what the stores hold. Every rule tells what breaks it, as sentences. */
export function judge(evidence) {
  const { lives, tries } = gather(evidence.records, evidence.faults);
  const whole = { ...evidence, lives, tries, all: [...lives.values()] };
  const violations = rules.flatMap(([name, rule]) => rule(whole).map((sentence) => `${name}: ${sentence}`));
  const starts = whole.all.reduce((sum, { runs: own }) => sum + own.length, 0);
  return { violations, figures: { jobs: lives.size, runs: starts, faults: evidence.faults.length } };
}
