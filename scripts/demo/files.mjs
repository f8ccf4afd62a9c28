import { opendir } from "node:fs/promises";
import { join } from "node:path";

/** Every regular file below a folder, sorted by path; links are not followed. */
export async function listFiles(folder) {
  const files = [];
  for await (const entry of await opendir(folder, { recursive: true })) {
    if (entry.isFile()) files.push(join(entry.parentPath ?? entry.path, entry.name));
  }
  return files.sort();
}
