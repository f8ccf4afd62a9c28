import { expect, test } from "@jest/globals";
import type { Source } from "@tandemq/core";
import { Burst } from "../../src/supervisor/stopping/burst.js";

interface Counts {
  readonly queued: number;
  readonly started: number;
}

/** A worker that looked and found nothing, once for each of the given counts. @returns after which look it ended */
async function endsAfter(looks: readonly Counts[], { untilIdle = true } = {}): Promise<number | undefined> {
  let [at, ended] = [0, undefined as number | undefined];
  const counts = async () => new Map([["q", looks[at]]]);
  const source = { broker: { counts }, queues: () => ["q"] } as unknown as Source;
  const end = () => (ended ??= at);
  const burst = new Burst({ sources: () => [source], untilIdle, isIdle: () => true, end });
  for (; at < looks.length && ended === undefined; at++) {
    burst.sawEmpty(source, performance.now());
    await new Promise((resolve) => setImmediate(resolve));
  }
  return ended;
}

const [busy, still, more] = [
  { queued: 0, started: 1 },
  { queued: 0, started: 0 },
  { queued: 1, started: 0 },
];

test("a burst ends when nothing was found, whatever runs elsewhere", async () => {
  expect(await endsAfter([busy], { untilIdle: false })).toBe(0);
});

test("until idle: ends when nothing runs and another look has found nothing", async () => {
  expect(await endsAfter([still, still])).toBe(1);
  expect(await endsAfter([busy, busy, still, still])).toBe(3);
});

test("until idle: what ended elsewhere behind a look may have left more", async () => {
  expect(await endsAfter([busy, more, still, still])).toBe(3);
  expect(await endsAfter([still, busy, still, still])).toBe(3);
  expect(await endsAfter([busy, still])).toBeUndefined();
});
