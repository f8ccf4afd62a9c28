import { setTimeout as pause } from "node:timers/promises";

/**
 * How long a condition may take to come true, in milliseconds: a machine under test may be busy, or stand still for
 * seconds. The time limit of a test (jest.config.js) is longer.
 */
export const deadline = 60_000;

/** Asks until the answer is neither `undefined` nor `false`, and returns it: at first often, then after a tenth more of the time. */
export async function waitFor<T>(
  what: string,
  ask: () => Promise<T | undefined | false>,
  within: number = deadline,
): Promise<T> {
  const begin = performance.now();
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    const waited = performance.now() - begin;
    if (waited > within) throw new Error(`waited ${within} ms in vain: ${what}`);
    await pause(Math.min(5 + waited / 10, 50));
  }
}
