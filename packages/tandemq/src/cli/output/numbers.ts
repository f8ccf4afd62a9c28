/** Bytes as megabytes. */
export function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1_048_576)} MB`;
}

/** Jobs a second, with as many digits as mean something. */
export function perSecond(rate: number): string {
  if (rate === 0) return "0/s";
  return `${rate < 10 ? rate.toFixed(1) : Math.round(rate)}/s`;
}
