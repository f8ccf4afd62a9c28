import { createHash } from "node:crypto";
import { appendFile, readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { defineTask } from "tandemq";

const compress = promisify(gzip);

/**
 * Facts about one file. With `out`, they are appended to that file as well: a no-storage queue keeps no results, so what
 * its tasks find out has to go where the task itself puts it.
 */
export const digest = defineTask("files.digest", async ({ file, out }, job) => {
  const bytes = await readFile(file, { signal: job.signal });
  const facts = {
    sha256: createHash("sha256").update(bytes).digest("hex"),
    size: bytes.length,
    lines: countLines(bytes),
    compressed: (await compress(bytes, { level: 1 })).length,
  };
  if (out) await appendFile(out, `${JSON.stringify({ file, ...facts })}\n`);
  return facts;
});

function countLines(bytes) {
  let lines = 0;
  for (let at = bytes.indexOf(10); at !== -1; at = bytes.indexOf(10, at + 1)) lines += 1;
  return lines;
}
