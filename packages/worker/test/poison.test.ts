import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { bench, endWorkers, fixtures } from "./harness.js";

const tasks = { patterns: ["poison.mjs"], cwd: fixtures };

/** A small heap, so that what grows without end ends soon. */
beforeEach(() => {
  process.execArgv.push("--max-old-space-size=48");
});

afterEach(async () => {
  process.execArgv.pop();
  await endWorkers();
});

/** Poison in two processes full of healthy jobs. */
async function poisoned(paths: readonly string[], settings: object = {}, maxLost: number = 3) {
  const one = await bench({ processes: 2, concurrency: 6, killAfter: 200, maxLost, tasks });
  const healthy = await Promise.all(Array.from({ length: 12 }, () => one.add("healthy", { ms: 100 })));
  const poison = await Promise.all(paths.map((path) => one.add(path, {}, { settings })));
  const after = await Promise.all(Array.from({ length: 12 }, () => one.add("healthy", { ms: 20 })));
  await one.worker.start();
  const jobs = await Promise.all(poison.map((id) => one.final(id, 60_000)));
  for (const id of [...healthy, ...after]) {
    expect(await one.final(id, 30_000)).toMatchObject({ status: "success", attempt: 1 });
  }
  return jobs;
}

describe("poison is contained, blamed on its job and set aside; the healthy finish", () => {
  test("process.exit, process.abort, a segmentation fault, a rejection that nobody handles", async () => {
    for (const job of await poisoned(["exits", "aborts", "segfaults", "rejects"])) {
      expect(job).toMatchObject({ status: "failed", lost: 4, error: { code: "WORKER_LOST" } });
    }
  });

  test("a loop for ever, by its hard limit", async () => {
    const [job] = await poisoned(["loops"], { hardTimeout: 300 });
    expect(job).toMatchObject({ status: "timeout", lost: 0, error: { code: "TIMEOUT" } });
  });

  test("a rejection after the job's end: nobody is blamed", async () => {
    const [job] = await poisoned(["rejectsLate"]);
    expect(job).toMatchObject({ status: "success", lost: 0 });
  });

  test("thrown things that are no errors, and a stack of 50 MB", async () => {
    const [text, nothing, trap, huge] = await poisoned(["throwsText", "throwsNothing", "throwsTrap", "throwsHuge"]);
    expect(text).toMatchObject({
      status: "failed",
      error: { name: "NonError", message: "a string was thrown: a text" },
    });
    expect(nothing).toMatchObject({ status: "failed", error: { message: "undefined was thrown: undefined" } });
    expect(trap).toMatchObject({ status: "failed", error: { message: expect.any(String) } });
    expect(huge).toMatchObject({ status: "failed", lost: 0 });
    expect(huge?.error?.stack?.length).toBeLessThan(21_000);
    expect(huge?.error?.message.length).toBeLessThan(11_000);
  });
});
