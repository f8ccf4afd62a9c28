/** Bytes as megabytes. */
export function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1_048_576)} MB`;
}

/** Jobs a second, with as many digits as mean something. */
export function perSecond(rate: number): string {
  if (rate === 0) return "0/s";
  return `${rate < 10 ? rate.toFixed(1) : Math.round(rate)}/s`;
}

/** So many of something: `1 job`, `12,345 jobs`. */
export function countOf(number: number, one: string, many: string = `${one}s`): string {
  return `${count(number)} ${number === 1 ? one : many}`;
}

/** Whole numbers with thin groups of three: 12,345. */
export function count(number: number): string {
  return number.toLocaleString("en-US");
}
