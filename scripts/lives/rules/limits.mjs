import { groupBy } from "./tell.mjs";

const limits = [
  { max: 2, keyOf: ({ path, group }) => (path === "lives.two" ? `${path} ${group}` : undefined) },
  { max: 1, keyOf: ({ path, group }) => (path === "lives.both" ? `${path} ${group}` : undefined) },
  { max: 2, keyOf: ({ queue }) => (queue?.endsWith("/two") ? queue : undefined) },
];

/** Their code goes on after their run is over, or what is left of it cannot be told. */
const vague = ["deaf", "frozen", "exit", "reject", "complete"];

/** No more runs at a time than the limit says. */
export function concurrency({ all }) {
  const runs = all.flatMap((life) => life.runs);
  const sure = runs.filter(({ fate, how }) => !vague.includes(fate) && !how?.startsWith("late"));
  return limits.flatMap(({ max, keyOf }) => [...groupBy(sure, keyOf)].flatMap(([key, list]) => over(list, max, key)));
}

function over(runs, max, key) {
  const edges = runs.flatMap(({ start, end, fault }) => [
    { at: start, step: 1 },
    { at: end ?? fault?.at ?? start, step: -1 },
  ]);
  let now = 0;
  for (const { at, step } of edges.sort((a, b) => a.at - b.at || a.step - b.step)) {
    now += step;
    if (now > max) return [`${key} had ${now} runs at ${at}`];
  }
  return [];
}

/** Four in 300 ms: a window of the store's clock is not one of the tasks', so only what is far above is told. */
export function rate({ all }) {
  const runs = all.flatMap((life) => life.runs).filter(({ path }) => path === "lives.paced");
  return [...groupBy(runs, ({ group }) => group)].flatMap(([group, list]) => {
    const starts = list.map(({ start }) => start);
    const most = Math.max(...starts.map((from) => starts.filter((at) => at >= from && at < from + 1200).length));
    return most > 28 ? [`${group} began ${most} times within 1.2 s`] : [];
  });
}
