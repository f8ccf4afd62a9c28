import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { ownDependencies } from "../../src/cli/own-source.js";
import { version } from "../../src/cli/version.js";

let root: string;
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), "tandemq-source-")));
});
afterEach(() => rmSync(root, { recursive: true }));

/** A project whose `node_modules` has the program, as it would be installed by what its package.json says. */
function installed(dependencies: object | undefined): string {
  const own = join(root, "project/node_modules/tandemq");
  mkdirSync(own, { recursive: true });
  if (dependencies) writeFileSync(join(root, "project/package.json"), JSON.stringify({ dependencies }));
  return own;
}

test.each([
  ["a registry", { tandemq: "^0.1.0", "@tandemq/core": "file:core.tgz" }],
  ["nobody knows where", undefined],
])("from %s: the version", (_from, dependencies) => {
  expect(ownDependencies(join(root, "new"), installed(dependencies))).toEqual({ tandemq: `^${version}` });
});

test("from tarballs: the same ones, seen from the new folder", () => {
  const own = installed({
    tandemq: "file:../packed/tandemq.tgz",
    "@tandemq/core": "file:core.tgz",
    zod: "file:zod.tgz",
  });
  expect(ownDependencies(join(root, "new/app"), own)).toEqual({
    tandemq: "file:../../packed/tandemq.tgz",
    "@tandemq/core": "file:../../project/core.tgz",
  });
});

test("from a checkout: a link to it", () => {
  mkdirSync(join(root, "checkout/packages/tandemq"), { recursive: true });
  const own = `${join(root, "checkout/packages/tandemq")}/`;
  expect(ownDependencies(join(root, "new"), own)).toEqual({ tandemq: "file:../checkout/packages/tandemq" });
});
