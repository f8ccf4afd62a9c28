import type { DoctorContext } from "../context.js";
import { type Check, type Finding, ok, warning } from "../finding.js";

/** A difference that can be felt, ms. */
const noticeable = 1_000;

/** The clocks of this machine and of the stores against each other. */
export const clocks: Check = {
  name: "clocks",
  needs: [],
  async run(context) {
    const offsets = await Promise.all([offsetOf(context, "mongo"), offsetOf(context, "redis")]);
    const known = [["this machine", 0] as const, ...offsets.filter((one) => one !== undefined)];
    const findings: Finding[] = [];
    known.forEach(([name, offset], i) => {
      for (const [other, another] of known.slice(i + 1)) findings.push(compare(name, other, another - offset));
    });
    return findings;
  },
};

async function offsetOf(
  context: DoctorContext,
  store: "mongo" | "redis",
): Promise<readonly [string, number] | undefined> {
  if (!context.stores[store]) return undefined;
  const inspector = context[store].inspector();
  await inspector.ping();
  const began = Date.now();
  const time = await inspector.time();
  return [store === "mongo" ? "MongoDB" : "Redis", time - (began + Date.now()) / 2];
}

function compare(one: string, other: string, ms: number): Finding {
  const seconds = Math.abs(Math.round(ms / 100) / 10);
  if (Math.abs(ms) < noticeable) return ok(`the clocks of ${one} and ${other} agree`);
  return warning(
    `the clock of ${other} is ${seconds} s ${ms > 0 ? "ahead of" : "behind"} that of ${one}`,
    "Leases and delays are safe, since only the store's own clock decides; times given by this machine (`at`) and times shown are off by so much.",
    "Let all machines take their time from the same source (NTP).",
  );
}
