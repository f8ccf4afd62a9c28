const units = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["m", 60_000],
  ["s", 1000],
] as const;

/** Milliseconds as one would write them in a configuration: `"30s"`, `"1h"`, `"1500ms"`. */
export function showDuration(ms: number): string {
  const unit = units.find(([, length]) => ms >= length && ms % length === 0);
  return unit ? `${ms / unit[1]}${unit[0]}` : `${ms}ms`;
}
