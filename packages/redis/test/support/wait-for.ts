import { setTimeout as pause } from "node:timers/promises";

/** Asks until the answer is neither `undefined` nor `false`, and returns it. */
export async function waitFor<T>(
  what: string,
  ask: () => Promise<T | undefined | false>,
  within: number = 10_000,
): Promise<T> {
  const end = performance.now() + within;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    if (performance.now() > end) throw new Error(`waited ${within} ms in vain: ${what}`);
    await pause(5);
  }
}
