import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import { root } from "./fences.js";

const read = (path: string): string => readFileSync(root + path, "utf8");
const page = read("docs/stores.md");
/** Every word of the page that is set as code. */
const words = new Set(
  [...page.matchAll(/`([^`\n]+)`/g)].flatMap(([, code = ""]) => [
    ...(code.match(/[\w:{}]+/g) ?? []),
    ...(code.match(/\w+/g) ?? []),
  ]),
);

/** The fields of each interface of a source file. */
function fieldsOf(source: string): string[] {
  const bodies = [...source.matchAll(/^(?:export )?interface \w+[^{]*\{\n([\s\S]*?)^\}/gm)].map(
    ([, body = ""]) => body,
  );
  return bodies.flatMap((body) => [...body.matchAll(/^ {2}(?:readonly )?(\w+)\??:/gm)].map(([, field = ""]) => field));
}

const missing = (names: readonly string[]): string[] => [...new Set(names)].filter((name) => !words.has(name));

describe("docs/stores.md names everything that lies in the stores", () => {
  test.each([
    ["packages/mongo/src/documents/job-document.ts", 35],
    ["packages/mongo/src/documents/log-document.ts", 12],
    ["packages/mongo/src/connection/other-documents.ts", 15],
  ])("fields of %s", (path, least) => {
    const fields = fieldsOf(read(path));
    expect(fields.length).toBeGreaterThanOrEqual(least);
    expect(missing(fields)).toEqual([]);
  });

  test("fields of a heartbeat", () => {
    const source =
      /export interface WorkerRecord[\s\S]*?^\}/m.exec(read("packages/core/src/ports/registry.ts"))?.[0] ?? "";
    expect(missing(fieldsOf(source).filter((field) => field !== "id"))).toEqual([]);
  });

  test("collections and indexes", () => {
    const collections = read("packages/mongo/src/connection/connection.ts").matchAll(/\$\{prefix\}(\w+)`/g);
    const indexes = read("packages/mongo/src/schema/indexes.ts").matchAll(/"(tandemq_\w+)"/g);
    const names = [...collections, ...indexes].map(([, name = ""]) => name);
    expect(names.length).toBeGreaterThan(15);
    expect(missing(names)).toEqual([]);
  });

  test("keys that the scripts use", () => {
    const files = readdirSync(`${root}lua`).filter((name) => name.endsWith(".lua"));
    const scripts = files.map((name) => read(`lua/${name}`));
    const keys = scripts.flatMap((lua) => [...lua.matchAll(/^-- KEYS\[\d+\] (\w+):/gm)].map(([, key = ""]) => key));
    expect(keys.length).toBeGreaterThan(100);
    // Headers call the two keys of all workers by what they are used for.
    const names = keys.filter((key) => key !== "workers");
    expect(missing(names)).toEqual([]);
  });

  test("keys and channels of a deployment", () => {
    const found = read("packages/redis/src/keys.ts").matchAll(/`\$\{prefix\}:([\w:{}]+)`/g);
    const keys = [...found].map(([, key = ""]) => `tq:${key}`);
    expect(keys.length).toBeGreaterThan(7);
    expect(missing(keys)).toEqual([]);
  });
});
