import { chmod, mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { join } from "node:path";

/** Puts a file into the given empty folder and gives its path. */
type Produce = (folder: string) => Promise<string>;

/** Installs an executable in the cache. Safe against a second process that does the same: each renames a whole file. */
export async function installBinary(cacheDir: string, name: string, produce: Produce): Promise<string> {
  await mkdir(cacheDir, { recursive: true });
  const work = await mkdtemp(join(cacheDir, ".install-"));
  try {
    const made = await produce(work);
    await chmod(made, 0o755);
    await rename(made, join(cacheDir, name));
    return join(cacheDir, name);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}
