/** Builds every package: the Lua module, ESM and declarations by `tsc -b`, then bundles and the CommonJS half. */
import { spawnSync } from "node:child_process";
import { chmodSync, existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { packageFolders } from "./packages.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));

function step(...args) {
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: "inherit" });
  if (status !== 0) process.exitCode = 1;
}

step("scripts/build-lua.mjs");
step("scripts/prune-dist.mjs");
step("node_modules/typescript/bin/tsc", "-b", ...packageFolders);
step("scripts/build-bundles.mjs");
step("scripts/build-cjs.mjs");

const command = join(root, "packages/tandemq/dist/cli/main.js");
if (existsSync(command)) chmodSync(command, 0o755);
