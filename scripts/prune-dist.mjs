/** Removes outputs whose source is gone: `tsc -b` never does, and they would be tested, packed and published. */
import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { filesBelow, packageFolders } from "./packages.mjs";

const OUTPUT = /\.(d\.ts|js)(\.map)?$/;

function hasSource(folder, file) {
  const stem = file.replace(/^cjs\//, "").replace(OUTPUT, "");
  return existsSync(join(folder, "src", `${stem}.ts`));
}

for (const folder of packageFolders) {
  const outputs = filesBelow(join(folder, "dist")).filter((file) => OUTPUT.test(file) && !file.startsWith("bundle/"));
  const stale = outputs.filter((file) => !hasSource(folder, file));
  for (const file of stale) rmSync(join(folder, "dist", file));
}
