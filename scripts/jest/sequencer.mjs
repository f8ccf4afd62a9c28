/**
 * Files that take long come first, so that none is left to run alone at the end. On a fresh checkout Jest knows no times and
 * goes by the sizes of files, which tell little here.
 */
import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import Sequencer from "@jest/test-sequencer";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** The longest first; all others follow as Jest would have them. */
const LONG = [
  "test/features/workers/",
  "test/features/stopping/",
  "test/contract/property-modes",
  "test/contract/mode-raw",
  "test/contract/broker-mongo",
  "test/e2e/modes",
  "test/e2e/worker",
  "test/features/",
  "test/e2e/",
  "test/contract/mode-",
  "test/examples/",
  "test/contract/",
  "test/packaging/",
  "test/faults/",
  "test/cli/",
];

function placeOf({ path }) {
  const place = LONG.findIndex((start) => relative(ROOT, path).startsWith(start));
  return place < 0 ? LONG.length : place;
}

export default class LongestFirst extends Sequencer {
  async sort(tests) {
    const sorted = await super.sort(tests);
    return [...sorted].sort((a, b) => placeOf(a) - placeOf(b));
  }
}
