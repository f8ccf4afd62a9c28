import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "@jest/globals";
import { loadMiddleware } from "@tandemq/core";

const folder = mkdtempSync(join(tmpdir(), "tandemq-middleware-"));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

test("a module exports one middleware or a list of them, in order", async () => {
  const one = file("one.mjs", 'export default { name: "one", run: (job, next) => next() };');
  const list = file(
    "list.mjs",
    'export default [{ name: "two", enqueue: (job, next) => next() }, { name: "three", run() {} }];',
  );
  expect((await loadMiddleware([one, list])).map(({ name }) => name)).toEqual(["one", "two", "three"]);
  expect(await loadMiddleware([])).toEqual([]);
});

test.each([
  ["nothing.mjs", "export const run = 1;", "must export as its default"],
  ["empty.mjs", "export default {};", "must export as its default"],
  ["odd.mjs", "export default { run: 1 };", "must export as its default"],
  ["throws.mjs", 'throw new Error("not today");', "could not be imported: not today"],
])("%s is refused, with its name", async (name, text, message) => {
  const path = file(name, text);
  const refused = loadMiddleware([path]);
  await expect(refused).rejects.toThrow(message);
  await expect(refused).rejects.toThrow(name);
  await expect(refused).rejects.toMatchObject({ code: "TASK_LOAD" });
});
