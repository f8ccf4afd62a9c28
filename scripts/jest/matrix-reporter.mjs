/**
 * After a run of all feature tests: writes docs/matrix.md where TANDEMQ_MATRIX is `write`; else compares, and fails the
 * run when the page says something else than the tests.
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { readCells, renderMatrix } from "./matrix.mjs";

const PAGE = fileURLToPath(new URL("../../docs/matrix.md", import.meta.url));
const FEATURES = fileURLToPath(new URL("../../test/features", import.meta.url));

const featureFiles = () =>
  readdirSync(FEATURES, { recursive: true }).filter((name) => name.endsWith(".test.ts")).length;

function readPage() {
  try {
    return readFileSync(PAGE, "utf8");
  } catch {
    return "";
  }
}

export default class MatrixReporter {
  #error;

  onRunComplete(_contexts, { testResults }) {
    const cells = readCells(testResults);
    if (new Set(cells.map(({ file }) => file)).size < featureFiles()) return;
    const page = renderMatrix(cells);
    if (process.env.TANDEMQ_MATRIX === "write") writeFileSync(PAGE, page);
    else if (page !== readPage()) this.#error = new Error("docs/matrix.md is not what the tests show: npm run matrix");
  }

  getLastError() {
    if (this.#error) console.error(this.#error.message);
    return this.#error;
  }
}
