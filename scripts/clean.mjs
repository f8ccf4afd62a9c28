/** Removes everything that the build makes. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { packageFolders } from "./packages.mjs";

for (const folder of packageFolders) {
  for (const output of ["dist", "lua", "src/generated"]) rmSync(join(folder, output), { recursive: true, force: true });
}
