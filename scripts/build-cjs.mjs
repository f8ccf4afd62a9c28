/**
 * Writes the CommonJS half of every package, dist/cjs, from its ES modules: for Jest and other tools that cannot
 * require() an ES module. The command line (dist/cli) stays ESM only.
 *
 * `import("name")` of a literal becomes a require; any other import() stays, because it loads the user's modules by URL.
 */
import { transformFile } from "@swc/core";
import { copyFileSync, existsSync, mkdirSync, renameSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { filesBelow, packageFolders } from "./packages.mjs";

const LITERAL_IMPORT = /\bimport\((["'][^"']+["'])\)/g;
const OPTIONS = { swcrc: false, jsc: { target: "es2022" }, module: { type: "commonjs", ignoreDynamic: true } };

const isSource = (file) => !/^(bundle|cjs|cli)\//.test(file) && /\.(js|d\.ts)$/.test(file);
const isFresh = (input, output) => existsSync(output) && statSync(output).mtimeMs >= statSync(input).mtimeMs;

function replaceFile(path, write) {
  mkdirSync(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}.tmp`;
  write(temporary);
  renameSync(temporary, path);
}

async function toCommonJs(input, output) {
  const { code } = await transformFile(input, OPTIONS);
  const text = code
    .replace(LITERAL_IMPORT, "Promise.resolve().then(() => require($1))")
    .replace(/\n\/\/# sourceMappingURL=.*/, "");
  replaceFile(output, (path) => writeFileSync(path, text));
}

async function convert(dist, file) {
  const input = join(dist, file);
  const output = join(dist, "cjs", file);
  if (isFresh(input, output)) return;
  if (file.endsWith(".js")) return toCommonJs(input, output);
  replaceFile(output, (path) => copyFileSync(input, path));
}

async function buildPackage(folder) {
  const dist = join(folder, "dist");
  const files = filesBelow(dist).filter(isSource);
  if (files.length === 0) return;
  replaceFile(join(dist, "cjs/package.json"), (path) => writeFileSync(path, '{ "type": "commonjs" }\n'));
  await Promise.all(files.map((file) => convert(dist, file)));
}

await Promise.all(packageFolders.map(buildPackage));
