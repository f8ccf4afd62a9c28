import { maxHistory } from "@tandemq/core";

/**
 * What earlier deliveries left behind, with the run that ends now as a retry: as the script that puts jobs back writes
 * it.
 *
 * @param held `<token> <rank> <startedMs>` of the delivery that ends
 * @param error JSON text or ""
 */
export function pastAfterRetry(past: string, held: string, now: number, error: string): string {
  const [first = "", ...runs] = past.split("\n");
  const [attempt, deliveries, lost] = first.split(" ").map(Number);
  const [token = "-", , started = "0"] = held.split(" ");
  const sums = [(attempt || 0) + 1, (deliveries || 0) + 1, lost || 0, token].join(" ");
  const run = [(attempt || 0) + 1, "retry", started, now, token, error].join(" ");
  return [sums, ...[...runs, run].slice(-maxHistory)].join("\n");
}
