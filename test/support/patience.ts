/**
 * For what must happen within a delay. Where the scenario fails and the machine was slower than the delay up to the call
 * of `passed` (or to the failure), it is tried again with twice the delay, on a queue of its own; else the failure counts.
 *
 * @param delay milliseconds
 */
export async function inTime(
  delay: number,
  scenario: (delay: number, passed: () => void) => Promise<void>,
): Promise<void> {
  for (let ms = delay; ; ms *= 2) {
    const begin = performance.now();
    let took: number | undefined;
    const passed = (): void => {
      took ??= performance.now() - begin;
    };
    try {
      return await scenario(ms, passed);
    } catch (error) {
      if ((took ?? performance.now() - begin) < ms || ms > longest) throw error;
    }
  }
}

/** With a longer delay than this nothing is tried, milliseconds. */
const longest = 20_000;

/**
 * The shortest of up to five measurements; the first that is below `enough` ends them. A machine that stands still spoils
 * one of them, what is too slow is so in all.
 */
export async function quickest(enough: number, measure: () => Promise<number>): Promise<number> {
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 5 && best >= enough; i++) best = Math.min(best, await measure());
  return best;
}
