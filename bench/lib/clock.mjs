/** One clock for all processes of a machine: the monotonic one of the system, in milliseconds. */
const offset = Number(process.hrtime.bigint()) / 1e6 - performance.now();

export const now = () => offset + performance.now();

export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Waits until `check` gives something true, which is returned. Throws what `what` describes after `limit` ms. */
export async function until(check, what, { limit = 60_000, every = 20 } = {}) {
  const end = now() + limit;
  for (;;) {
    const value = await check();
    if (value) return value;
    if (now() > end) throw new Error(`waited ${limit / 1000} s in vain: ${typeof what === "function" ? what() : what}`);
    await sleep(every);
  }
}
