import { describe, expect, test } from "@jest/globals";
import { TaskFiles } from "../../src/pools/task-files.js";

const file = "/app/tasks/mail.mjs";

function taskFiles(): TaskFiles {
  return new TaskFiles({ patterns: [], cwd: "/app" });
}

describe("a file during whose import a process ended", () => {
  test("is given up when that was its own doing", () => {
    const files = taskFiles();
    expect(files.blame(file, "the process exited with code 9", false)).toBe(true);
    expect(files.faults).toEqual([{ file, message: "the process exited with code 9" }]);
  });

  test("is not given up for a kill from outside, unless it comes again and again", () => {
    const files = taskFiles();
    expect([1, 2, 3].map(() => files.blame(file, "killed", true))).toEqual([false, false, true]);
    expect(files.faults).toEqual([{ file, message: "killed" }]);
  });

  test("is never given up once it was imported", () => {
    const files = taskFiles();
    files.prove();
    expect([true, false, true, true].map((killed) => files.blame(file, "ended", killed))).toEqual(Array(4).fill(false));
    expect(files.faults).toEqual([]);
  });
});
