import { readFileSync, realpathSync } from "node:fs";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { version } from "./version.js";

type Texts = Readonly<Record<string, string>>;

const ownFolder = fileURLToPath(new URL("../../", import.meta.url));

/**
 * What a project in `folder` depends on to get this very program: its version, as a registry has it; the same tarballs,
 * where it was installed from files; or the checkout that it runs from.
 */
export function ownDependencies(folder: string, own: string = ownFolder): Texts {
  const home = resolve(own);
  const here = existing(folder);
  if (basename(dirname(home)) !== "node_modules") return { tandemq: fileFrom(here, home) };
  const project = dirname(dirname(home));
  const files = Object.entries(dependenciesOf(project)).filter(
    ([name, spec]) => /^(@tandemq\/.+|tandemq)$/.test(name) && spec.startsWith("file:"),
  );
  if (!files.some(([name]) => name === "tandemq")) return { tandemq: `^${version}` };
  return Object.fromEntries(files.map(([name, spec]) => [name, fileFrom(here, resolve(project, spec.slice(5)))]));
}

function dependenciesOf(project: string): Texts {
  try {
    const found = JSON.parse(readFileSync(join(project, "package.json"), "utf8")) as { dependencies?: Texts };
    return found.dependencies ?? {};
  } catch {
    return {};
  }
}

function fileFrom(folder: string, path: string): string {
  return `file:${relative(folder, path).split(sep).join("/")}`;
}

/** The folder by its real path, as far as it exists: npm goes from there. */
function existing(folder: string): string {
  try {
    return realpathSync(folder);
  } catch {
    return join(existing(dirname(folder)), basename(folder));
  }
}
