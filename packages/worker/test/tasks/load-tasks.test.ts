import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { loadTasks } from "@tandemq/worker";
import { fixtures } from "../harness.js";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tandemq-tasks-"));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, text: string): void {
  mkdirSync(join(folder, name, ".."), { recursive: true });
  writeFileSync(join(folder, name), text);
}

test("registers tasks by their path and own functions by the canonical one, nothing else", async () => {
  const tasks = await loadTasks(["tasks.mjs"], fixtures);
  expect(tasks.resolve("add").settings).toEqual({});
  expect(tasks.resolve("flaky").settings).toMatchObject({ attempts: 3, backoff: { type: "fixed", delay: 10 } });
  expect(tasks.resolve("tasks#plain").run.name).toBe("plain");
  for (const path of [
    "tasks#NotATask",
    "tasks#notATask",
    "tasks#add",
    "tasks#constructor",
    "constructor",
    "__proto__",
    "node:fs#readFileSync",
  ]) {
    expect(() => tasks.resolve(path)).toThrow(expect.objectContaining({ code: "TASK_NOT_FOUND" }));
  }
  expect(() => tasks.resolve("tasks#plian")).toThrow(/did you mean "tasks#plain"/);
});

test("imports what the globs name, and node_modules only when they say so", async () => {
  file("a/one.mjs", "export function run() {}");
  file("a/b/two.mjs", "export default function () {}");
  file("node_modules/evil/index.mjs", "export function run() {}");
  file("other.mjs", "export function run() {}");
  const tasks = await loadTasks(["a/**/*.mjs", "**/evil/*.mjs"], folder);
  expect(Object.keys(tasks.catalog()).sort()).toEqual(["a/b/two#default", "a/one#run"]);
  const named = await loadTasks(["node_modules/evil/*.mjs"], folder);
  expect(Object.keys(named.catalog())).toEqual(["node_modules/evil/index#run"]);
});

test("a file that throws is a fault of its own; jobs of its tasks are told why", async () => {
  file("bad.mjs", "throw new Error('no database here');");
  file("good.mjs", "export function run() {}");
  const tasks = await loadTasks(["*.mjs"], folder);
  expect(tasks.faults).toMatchObject([
    { file: join(folder, "bad.mjs"), message: expect.stringContaining("no database here") },
  ]);
  expect(tasks.resolve("good#run").path).toBe("good#run");
  expect(() => tasks.resolve("bad#run")).toThrow(
    expect.objectContaining({ code: "TASK_LOAD", message: expect.stringContaining("no database here") }),
  );
  expect(() => tasks.resolve("mail.send")).toThrow(/could not be imported: .*bad\.mjs/);
});

test("two tasks of one path are refused, naming both files; one task exported twice is one", async () => {
  await expect(loadTasks(["twin-*.mjs"], fixtures)).rejects.toThrow(/"twin".*twin-a\.mjs.*twin-b\.mjs/);
  const core = import.meta.resolve("@tandemq/core").replace("/src/index.ts", "/dist/index.js");
  file(
    "task.mjs",
    `import { defineTask } from ${JSON.stringify(core)};\nexport const one = defineTask("one", () => 1);\nexport { one as uno };`,
  );
  file("index.mjs", 'export * from "./task.mjs";');
  const tasks = await loadTasks(["*.mjs"], folder);
  expect(Object.keys(tasks.catalog())).toEqual(["one"]);
});
