import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { expect, test } from "@jest/globals";
import { root } from "./fences.js";

test("options, statuses and the reference of the API are what the code says: npm run docs", () => {
  execFileSync(process.execPath, ["scripts/docs.mjs", "--check"], { cwd: root, stdio: "pipe" });
});

test("docs/cli.md has a section for every command", () => {
  const help = execFileSync(process.execPath, ["packages/tandemq/dist/cli/main.js", "--help"], { cwd: root });
  const names = [...help.toString().matchAll(/^ {2}tandemq (\S+)/gm)].map(([, name]) => name);
  const page = readFileSync(`${root}docs/cli.md`, "utf8");
  const missing = names.filter((name) => !page.includes(`## tandemq ${name}\n`));
  expect([names.length > 8, missing]).toEqual([true, []]);
});

test("docs/api.md tells when each error comes", () => {
  const source = readFileSync(`${root}packages/core/src/errors/errors.ts`, "utf8");
  const [, list = ""] = /export type ErrorCode =([^;]+);/.exec(source) ?? [];
  const codes = [...list.matchAll(/"(\w+)"/g)].map(([, code]) => code);
  const [page = ""] = readFileSync(`${root}docs/api.md`, "utf8").split("# Reference");
  expect([codes.length > 20, codes.filter((code) => !page.includes(`\`${code}\``))]).toEqual([true, []]);
});
