import { fileURLToPath } from "node:url";
import { describe, expect, test } from "@jest/globals";
import { waitFor } from "../support/wait-for.js";
import { modes, Site } from "./support/site.js";

const folder = fileURLToPath(new URL("hard-limits", import.meta.url));

const cases = [
  ["a queue", "tandemq.config.mjs", "hard.plain", /queues have a hardTimeout.*regular.*--processes 1 or more/],
  ["a task", "task.config.mjs", "hard.limited", /hard\.limited \(hardTimeout\).*--processes 1 or more/],
] as const;

describe.each(cases)("the hard limit of %s", (_what, config, path, refusal) => {
  test("is refused at the start of a worker without child processes", async () => {
    await using site = new Site(folder);
    const { code, stdout, stderr } = await site.run(["worker", "--processes", "0", "--config", config]);
    expect(code).toBe(1);
    expect(stdout + stderr).toMatch(refusal);
  });

  test("kills the process of its jobs in every mode", async () => {
    await using site = new Site(folder);
    await using client = await site.client();
    for (const mode of modes) await client.enqueue(path, {}, { queue: mode });
    await site.worker("--processes", "1", "--config", config);
    const dead = await waitFor("all are over", async () => {
      const found = await client.deadLetters();
      return found.length === modes.length && found;
    });
    for (const job of dead) {
      expect(job).toMatchObject({ status: "timeout", attempt: 1, lost: 0 });
      expect(job.error?.message).toBe("the run took longer than its timeout of 100 ms");
    }
  });
});
