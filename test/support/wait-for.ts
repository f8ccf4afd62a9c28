import { setTimeout as pause } from "node:timers/promises";

/** How long a condition may take to come true, in milliseconds. Generous: machines under test are busy. */
export const deadline = 10_000;

/** Asks until the answer is neither `undefined` nor `false`, and returns it. */
export async function waitFor<T>(
  what: string,
  ask: () => Promise<T | undefined | false>,
  within: number = deadline,
): Promise<T> {
  const end = performance.now() + within;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    if (performance.now() > end) throw new Error(`waited ${within} ms in vain: ${what}`);
    await pause(5);
  }
}
