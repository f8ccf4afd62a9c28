/** So many of something, for a sentence: `1 worker`, `3 workers`. */
export function plural(number: number, one: string, many: string = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}
