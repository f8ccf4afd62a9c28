const span = 60_000;
const mostMarks = 64;

/** How fast a counter has grown over the last minute: it is read when somebody asks, and costs nothing when it grows. */
export class Rate {
  readonly #marks: { at: number; count: number }[] = [];

  /** @param now milliseconds of a clock that never goes back */
  constructor(now: number) {
    this.#marks.push({ at: now, count: 0 });
  }

  /** Per second, since the oldest look of the last minute. */
  at(count: number, now: number): number {
    const marks = this.#marks;
    while (marks.length > 1 && now - (marks[1]?.at ?? now) >= span) marks.shift();
    const oldest = marks[0] ?? { at: now, count };
    const seconds = (now - oldest.at) / 1000;
    if (now - (marks.at(-1)?.at ?? 0) >= span / mostMarks) marks.push({ at: now, count });
    return seconds <= 0 ? 0 : Math.round(((count - oldest.count) / seconds) * 100) / 100;
  }
}
