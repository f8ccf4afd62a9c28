/** What the build scripts know of the packages: their folders and the files below a folder. */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../packages/", import.meta.url));

/** Absolute folders of all packages. */
export const packageFolders = readdirSync(root)
  .map((name) => join(root, name))
  .filter((folder) => existsSync(join(folder, "package.json")));

/** Paths of all files below a folder, relative to it; none where the folder does not exist. */
export function filesBelow(folder) {
  if (!existsSync(folder)) return [];
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(folder.length + 1));
}
