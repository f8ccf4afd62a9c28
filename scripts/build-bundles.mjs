/**
 * Joins the ES modules of the packages that workers and children load into few files, dist/bundle: Node takes about
 * 0.3 ms for each file it imports, which a hundred small ones make felt at every start.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { build } from "esbuild";
import { filesBelow, packageFolders } from "./packages.mjs";

/** Files that others import or start, of each package that is bundled. */
const ENTRIES = {
  core: ["index"],
  mongo: ["index"],
  redis: ["index"],
  worker: ["index", "current-job", "child/main", "child/watch-thread"],
};

/** Programs that run meanwhile may be reading the file: it is replaced as a whole, and only where it changed. */
function replace({ path, contents }) {
  if (existsSync(path) && readFileSync(path).equals(contents)) return;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.${process.pid}.tmp`, contents);
  renameSync(`${path}.${process.pid}.tmp`, path);
}

async function bundle(folder) {
  const entryPoints = ENTRIES[basename(folder)].map((name) => join(folder, `dist/${name}.js`));
  if (!entryPoints.every((path) => existsSync(path))) return;
  const { outputFiles } = await build({
    entryPoints,
    outdir: join(folder, "dist/bundle"),
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node20.19",
    packages: "external",
    sourcemap: true,
    write: false,
    logLevel: "warning",
  });
  for (const { path, contents } of outputFiles) replace({ path, contents: Buffer.from(contents) });
  const made = new Set(outputFiles.map(({ path }) => path));
  const outdir = join(folder, "dist/bundle");
  for (const file of filesBelow(outdir)) if (!made.has(join(outdir, file))) rmSync(join(outdir, file));
}

await Promise.all(packageFolders.filter((folder) => basename(folder) in ENTRIES).map(bundle));
