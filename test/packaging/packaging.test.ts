import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { MongoClient } from "mongodb";
import { publint } from "publint";
import { mongoUrl, redisUrl } from "../support/stores.js";
import { unique } from "../support/unique.js";
import { Installation } from "./project.js";

const installation = new Installation();
const name = unique("packaging");
const stores = { TANDEMQ_MONGO: mongoUrl(name), TANDEMQ_REDIS: redisUrl(), TANDEMQ_PREFIX: name };
const names = ["@tandemq/core", "@tandemq/mongo", "@tandemq/redis", "@tandemq/worker", "tandemq"];

beforeAll(() => installation.install(), 300_000);
afterAll(async () => {
  installation[Symbol.dispose]();
  await using mongo = new MongoClient(stores.TANDEMQ_MONGO);
  await mongo.db().dropDatabase();
});

/** The lines of a project's worker are its log; the last one is what it prints itself. */
async function lastLine(project: string, file: string): Promise<string | undefined> {
  return (await installation.node(project, [file], { ...stores, TANDEMQ_LOG_LEVEL: "silent" }))
    .trim()
    .split("\n")
    .at(-1);
}

describe("the tarballs", () => {
  test("hold what was built and its sources, no tests and no leftovers of the build", () => {
    expect(installation.packed.map((packed) => packed.name)).toEqual(expect.arrayContaining(names));
    for (const { files } of installation.packed) {
      const paths = files.map(({ path }) => path);
      expect(paths).toEqual(
        expect.arrayContaining(["dist/index.js", "dist/index.d.ts", "dist/cjs/index.js", "LICENSE"]),
      );
      expect(paths.filter((path) => !/^(dist|src|lua)\/|^(package\.json|LICENSE|README\.md)$/.test(path))).toEqual([]);
      expect(paths.filter((path) => /test|tsbuildinfo/.test(path))).toEqual([]);
    }
  });

  test.each(names)("%s: nothing for publint to find", async (one) => {
    const pkgDir = join(installation.folder, "node_modules", one);
    const { messages } = await publint({ pkgDir, pack: false, strict: true });
    expect(messages).toEqual([]);
  });
});

describe("a project runs a job and gets its result", () => {
  test.each(["esm", "commonjs"])("JavaScript, %s", async (project) => {
    expect(await lastLine(project, "main.js")).toBe("{ sent: 'ann' }");
  });

  test.each(["ts-esm", "ts-commonjs"])("TypeScript, %s: types are inferred, checked and complete", async (project) => {
    await installation.tool("typescript/bin/tsc", project, ["-p", "."]);
    expect(await lastLine(project, "dist/main.js")).toBe("{ sent: 'ann' }");
  });

  test("a test of a service in the user's own CommonJS Jest", async () => {
    const output = await installation.tool("jest/bin/jest.js", "jest", ["--rootDir", ".", "--json"], stores);
    expect(JSON.parse(output)).toMatchObject({ numPassedTests: 2, numFailedTests: 0 });
  });
});

test("npx tandemq tells its version", async () => {
  const bin = join(installation.folder, "node_modules/.bin/tandemq");
  expect(existsSync(bin)).toBe(true);
  expect(await installation.node("esm", [bin, "--version"])).toMatch(/^\d+\.\d+\.\d+\n$/);
});

test("tandemq init in another folder takes the tarballs that it came from", async () => {
  const bin = join(installation.folder, "node_modules/.bin/tandemq");
  await installation.node("esm", [bin, "init", "../other", "--js"]);
  const folder = join(installation.folder, "other");
  const { dependencies } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Record<string, object>;
  expect(Object.keys(dependencies ?? {})).toEqual(names);
  for (const spec of Object.values(dependencies ?? {}) as string[]) {
    expect(existsSync(join(folder, spec.replace("file:", "")))).toBe(true);
  }
});

describe("a driver that is not used is not loaded", () => {
  const enqueueWith = (config: object) =>
    `import { createClient } from "tandemq";
     const client = await createClient(${JSON.stringify(config)});
     console.log((await client.enqueue("mail.send", {})).queue);
     await client.close();`;
  const run = (script: string) => installation.node("esm", ["--input-type=module", "--eval", script]);

  test("by the import alone", async () => {
    const script = 'import { defineTask } from "tandemq"; console.log(typeof defineTask);';
    const output = await installation.without(["mongodb", "ioredis", "yargs", "pino"], () => run(script));
    expect(output).toBe("function\n");
  });

  test("MongoDB's, where Redis alone is configured", async () => {
    const script = enqueueWith({ redis: stores.TANDEMQ_REDIS, prefix: `${name}1` });
    expect(await installation.without(["mongodb", "yargs", "pino"], () => run(script))).toBe("default\n");
  });

  test("that of Redis, where MongoDB alone is configured", async () => {
    const script = enqueueWith({ mongo: stores.TANDEMQ_MONGO, prefix: `${name}2` });
    expect(await installation.without(["ioredis", "yargs", "pino"], () => run(script))).toBe("default\n");
  });
});
