/** The longest wait that a timer of Node.js takes, milliseconds (24.8 days): given a longer one it fires at once. */
export const longestTimer = 0x7fffffff;

/**
 * Calls once after `ms` milliseconds, however many they are.
 *
 * @returns ends the wait
 */
export function startLongTimer(ms: number, call: () => void): () => void {
  let timer: NodeJS.Timeout | undefined;
  const wait = (left: number): void => {
    const next = left > longestTimer ? () => wait(left - longestTimer) : call;
    timer = setTimeout(next, Math.min(left, longestTimer));
  };
  wait(ms);
  return () => clearTimeout(timer);
}
