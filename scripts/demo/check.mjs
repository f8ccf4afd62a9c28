import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";

/** SHA-256 of every file, computed here and now without any queue. */
export async function hashDirectly(files) {
  const hashes = new Map();
  for (const file of files)
    hashes.set(
      file,
      createHash("sha256")
        .update(await readFile(file))
        .digest("hex"),
    );
  return hashes;
}

/** How many of the answers (`{ file, sha256 }`) are right, wrong, missing, or come more than once. */
export function compare(answers, hashes) {
  const seen = new Set();
  const verdict = { right: 0, wrong: 0, missing: 0, twice: 0 };
  for (const { file, sha256 } of answers) {
    if (seen.has(file)) verdict.twice += 1;
    else verdict[hashes.get(file) === sha256 ? "right" : "wrong"] += 1;
    seen.add(file);
  }
  for (const file of hashes.keys()) if (!seen.has(file)) verdict.missing += 1;
  return verdict;
}
