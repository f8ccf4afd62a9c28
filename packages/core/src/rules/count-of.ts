/** Whole numbers with groups of three, as sentences have them: 12,345. */
export function count(number: number): string {
  return number.toLocaleString("en-US");
}

/** So many of something, as sentences have it: `1 job`, `12,345 jobs`; of more than a word, both are given. */
export function countOf(number: number, one: string, many: string = `${one}s`): string {
  return `${count(number)} ${number === 1 ? one : many}`;
}
