import { describe, expect, test } from "@jest/globals";
import { WakeBoard } from "@tandemq/core";

const long = 15_000;
const prompt = 10_000;

/** How long a wait takes, in milliseconds. */
async function waited(
  board: WakeBoard,
  queues: readonly string[],
  timeout: number,
  signal?: AbortSignal,
): Promise<number> {
  const start = performance.now();
  await board.wait(queues, timeout, signal);
  return performance.now() - start;
}

describe("WakeBoard", () => {
  test("a wait ends by its timeout when nothing happens", async () => {
    expect(await waited(new WakeBoard(), ["a"], 30)).toBeGreaterThan(28);
    expect(await waited(new WakeBoard(), ["a"], 0)).toBeLessThan(prompt);
  });

  test("a wake-up ends the waits for its queue, and no others", async () => {
    const board = new WakeBoard();
    const controller = new AbortController();
    let ended = false;
    const other = board.wait(["b"], long, controller.signal).then(() => (ended = true));
    const waits = [waited(board, ["a"], long), waited(board, ["x", "a"], long)];
    board.wake(["a"]);
    for (const ms of await Promise.all(waits)) expect(ms).toBeLessThan(prompt);
    expect(ended).toBe(false);
    controller.abort();
    await other;
  });

  test("a wake-up before the wait is not forgotten, until a claim begins", async () => {
    const board = new WakeBoard();
    board.wake(["a"]);
    expect(await waited(board, ["a"], long)).toBeLessThan(prompt);
    board.beginClaim(["a"]);
    expect(await waited(board, ["a"], 30)).toBeGreaterThan(28);
  });

  test("a wake-up during a claim is for the next one", async () => {
    const board = new WakeBoard();
    board.beginClaim(["a"]);
    board.wake(["a"]);
    expect(await waited(board, ["a"], long)).toBeLessThan(prompt);
  });

  test("a claim on one queue leaves the others' wake-ups alone", async () => {
    const board = new WakeBoard();
    board.wake(["a", "b"]);
    board.beginClaim(["a"]);
    expect(await waited(board, ["b"], long)).toBeLessThan(prompt);
  });

  test("after messages were missed every queue may have work, each until a claim on it begins", async () => {
    const board = new WakeBoard();
    board.wakeAll();
    board.beginClaim(["a"]);
    expect(await waited(board, ["a"], 30)).toBeGreaterThan(28);
    expect(await waited(board, ["b"], long)).toBeLessThan(prompt);
    board.wakeAll();
    expect(await waited(board, ["a"], long)).toBeLessThan(prompt);
  });

  test("missed messages end waits that are under way", async () => {
    const board = new WakeBoard();
    const wait = waited(board, ["a"], long);
    board.wakeAll();
    expect(await wait).toBeLessThan(prompt);
  });

  test("a known due time ends the wait, not before it", async () => {
    const board = new WakeBoard();
    board.dueIn("b", 12_000);
    board.dueIn("a", 50);
    const ms = await waited(board, ["a", "b"], long);
    expect(ms).toBeGreaterThan(48);
    expect(ms).toBeLessThan(prompt);
  });

  test("a due time that becomes known during the wait ends it too", async () => {
    const board = new WakeBoard();
    const wait = waited(board, ["a"], long);
    board.dueIn("a", 20);
    expect(await wait).toBeLessThan(prompt);
  });

  test("a due time that has passed ends it at once; a claim forgets it", async () => {
    const board = new WakeBoard();
    board.dueIn("a", -10);
    expect(await waited(board, ["a"], long)).toBeLessThan(prompt);
    board.beginClaim(["a"]);
    expect(await waited(board, ["a"], 30)).toBeGreaterThan(28);
  });

  test("the signal ends it, also when it was aborted before, and leaves no listener behind", async () => {
    const board = new WakeBoard();
    const controller = new AbortController();
    const wait = waited(board, ["a"], long, controller.signal);
    controller.abort();
    expect(await wait).toBeLessThan(prompt);
    expect(await waited(board, ["a"], long, controller.signal)).toBeLessThan(prompt);
  });

  test("a timeout of months does not end at once", async () => {
    const controller = new AbortController();
    let ended = false;
    const wait = new WakeBoard().wait(["a"], 10 ** 11, controller.signal).then(() => (ended = true));
    await new Promise((resolve) => setImmediate(resolve));
    expect(ended).toBe(false);
    controller.abort();
    await wait;
  });

  test("tells for which queue a wait would end at once", () => {
    const board = new WakeBoard();
    expect(board.mayHaveWork("a")).toBe(false);
    board.wake(["a"]);
    board.dueIn("b", 0);
    board.dueIn("c", long);
    expect(["a", "b", "c"].map((queue) => board.mayHaveWork(queue))).toEqual([true, true, false]);
    board.beginClaim(["a", "b", "c"]);
    board.wakeAll();
    board.beginClaim(["a"]);
    expect(["a", "b"].map((queue) => board.mayHaveWork(queue))).toEqual([false, true]);
  });
});
