import { describe, expect, test } from "@jest/globals";
import { waitFor } from "../support/wait-for.js";
import { modes, Site } from "./support/site.js";

const small = Array.from({ length: 99 }, (_, i) => `small-${i}`);
const late = Array.from({ length: 5 }, (_, i) => `late-${i}`);
const all = small.length + late.length + 1;

/** So many may start before those whose turn it is: they had been claimed when others went back. */
const inHand = 50;

/** The place in the order of starts, from 1, at which the last of these queues had its nth job. */
function lastTurn(starts: readonly string[], queues: readonly string[], n: number): number {
  return Math.max(...queues.map((queue) => places(starts, queue)[n - 1] ?? Number.POSITIVE_INFINITY));
}

function places(starts: readonly string[], queue: string): number[] {
  return starts.flatMap((text, i) => (text === queue ? [i + 1] : []));
}

const cells = modes.flatMap((mode) => [0, 1].map((processes) => [mode, processes] as const));

describe("a hundred sub-queues of which one is long", () => {
  test.each(cells)(
    "%s, --processes %i: each has its turn, also behind a slow job, and if it comes late",
    async (mode, processes) => {
      await using site = new Site();
      await using client = await site.client();
      const tree = `${mode}/crawl/`;
      const gate = site.gate();
      const add = (name: string, count: number) => {
        const job = { text: name, slow: { at: 80, until: gate.path } };
        return client.enqueueMany("e2e.turn", Array<object>(count).fill(job), { queue: tree + name });
      };
      await Promise.all([add("long", 2000), ...small.map((name) => add(name, 3))]);
      await site.worker(tree, "--concurrency", "1", "--processes", String(processes), "--heartbeat", "200ms");
      await waitFor("the slow one runs", async () => site.story().length === 80);
      await waitFor("what was claimed behind it is back", async () => {
        return (await client.queue(tree).counts()).started === 1;
      });
      await Promise.all(late.map((name) => add(name, 2)));
      await waitFor("the worker knows the late ones", async () => {
        const known = new Set((await client.workers()).flatMap(({ queues }) => queues));
        return late.every((name) => known.has(tree + name));
      });
      gate.open();
      const starts = await waitFor("all of the short ones have run", async () => {
        const story = site.story();
        return story.filter((text) => text !== "long").length === 3 * small.length + 2 * late.length && story;
      });
      for (const n of [1, 2, 3]) expect(lastTurn(starts, small, n)).toBeLessThanOrEqual(n * all + inHand);
      for (const n of [1, 2]) expect(lastTurn(starts, late, n)).toBeLessThanOrEqual(n * all + inHand);
      expect(places(starts.slice(0, 2 * all), "long").length).toBeLessThanOrEqual(3);
    },
  );
});
