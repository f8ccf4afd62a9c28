import { describe, expect, test } from "@jest/globals";
import { waitFor } from "../support/wait-for.js";
import { Site } from "./support/site.js";

const cases = [
  ["strict", "regular", 0, 24],
  ["strict", "raw", 0, 24],
  ["strict", "no-storage", 0, 24],
  ["weighted", "raw", 0, 20],
  ["weighted", "regular", 0, 20],
  ["weighted", "no-storage", 0, 20],
  ["weighted", "raw", 2, 20],
  ["weighted", "no-storage", 2, 20],
  ["roundRobin", "raw", 0, 12],
] as const;

describe("a worker of two queues that are both full", () => {
  test.each(cases)(
    "--strategy %s, %s, --processes %i: %i of the first 24 are of the first queue",
    async (strategy, mode, processes, expected) => {
      await using site = new Site();
      await using client = await site.client();
      const queues = ["high", "low"] as const;
      for (const text of queues)
        await client.enqueueMany("e2e.note", Array<object>(40).fill({ text }), { queue: `${mode}/${text}` });
      const weights = strategy === "weighted" ? [":5", ":1"] : ["", ""];
      const served = queues.map((name, i) => `${mode}/${name}${weights[i]}`);
      await site.worker(...served, "--strategy", strategy, "--concurrency", "1", "--processes", String(processes));
      await waitFor("all have run", async () => site.story().length === 80);
      const first = site.story().slice(0, 24);
      expect(Math.abs(first.filter((text) => text === "high").length - expected)).toBeLessThanOrEqual(
        // Several processes write side by side, and one that stands still keeps what it was sent.
        strategy === "strict" ? 0 : 3 * Math.max(1, processes),
      );
      expect(site.story().filter((text) => text === "low")).toHaveLength(40);
    },
  );
});
