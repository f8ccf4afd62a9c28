/**
 * Joins the ES modules of the packages that workers and children load into few files, dist/bundle: Node takes about
 * 0.3 ms for each file it imports, which a hundred small ones make felt at every start.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { build } from "esbuild";
import { noticesOf } from "./notices.mjs";
import { filesBelow, packageFolders } from "./packages.mjs";

/**
 * Files that others import or start, of each package that is bundled: by where they are below dist/bundle. Modules of
 * `tandemq` find its other files from a folder below dist, as all that is joined there does.
 */
const ENTRIES = {
  core: { index: "index" },
  mongo: { index: "index" },
  redis: { index: "index" },
  worker: Object.fromEntries(
    ["index", "current-job", "pools/early-child", "child/main", "child/watch-thread"].map((name) => [name, name]),
  ),
  tandemq: { index: "index", "command-line": "cli/command-line", keeper: "services/background/keeper" },
};

/** Packages whose entries share no state, and whose many lazy modules would become as many files: each entry is one file. */
const WHOLE = new Set(["tandemq"]);

/** Dependencies that are joined, too: as two dozen files of their own they took a fifth of what a command takes to load. */
const INSIDE = new Set(["yargs", "string-width"]);

/** What a package asks for and does not hold. */
function externalOf(folder) {
  const { dependencies = {}, peerDependencies = {} } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  return [...Object.keys(dependencies), ...Object.keys(peerDependencies)].filter((name) => !INSIDE.has(name));
}

/** Programs that run meanwhile may be reading the file: it is replaced as a whole, and only where it changed. */
function replace({ path, contents }) {
  if (existsSync(path) && readFileSync(path).equals(contents)) return;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.${process.pid}.tmp`, contents);
  renameSync(`${path}.${process.pid}.tmp`, path);
}

async function bundle(folder) {
  const entryPoints = Object.entries(ENTRIES[basename(folder)]).map(([out, name]) => ({
    out,
    in: join(folder, `dist/${name}.js`),
  }));
  if (!entryPoints.every((entry) => existsSync(entry.in))) return;
  const { outputFiles, metafile } = await build({
    entryPoints,
    outdir: join(folder, "dist/bundle"),
    bundle: true,
    splitting: !WHOLE.has(basename(folder)),
    format: "esm",
    platform: "node",
    target: "node20.19",
    external: externalOf(folder),
    sourcemap: true,
    metafile: true,
    write: false,
    logLevel: "warning",
  });
  const outdir = join(folder, "dist/bundle");
  const notices = noticesOf(Object.keys(metafile.inputs));
  const files = notices ? [...outputFiles, { path: join(outdir, "THIRD_PARTY.txt"), contents: notices }] : outputFiles;
  for (const { path, contents } of files) replace({ path, contents: Buffer.from(contents) });
  const made = new Set(files.map(({ path }) => path));
  for (const file of filesBelow(outdir)) if (!made.has(join(outdir, file))) rmSync(join(outdir, file));
}

await Promise.all(packageFolders.filter((folder) => basename(folder) in ENTRIES).map(bundle));
