/** The first of each list, then the second of each, and so on. */
export function dealt<T>(lists: readonly (readonly T[])[]): readonly T[] {
  const [first = []] = lists;
  if (lists.length === 1) return first;
  const all: T[] = [];
  const longest = Math.max(0, ...lists.map(({ length }) => length));
  for (let i = 0; i < longest; i++) for (const list of lists) if (i < list.length) all.push(list[i] as T);
  return all;
}
