/** `npm run docs`: writes what is generated in the pages. With `--check` it writes nothing and fails where they differ. */
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { configSchema } from "../packages/tandemq/dist/config/schema.js";
import { apiReference } from "./docs/api-reference.mjs";
import { optionsTable } from "./docs/options-table.mjs";
import { statusDiagram, statusTable } from "./docs/statuses.mjs";

/** What is generated, by its page and the name of its marks there. */
const parts = [
  ["configuration.md", "options", () => optionsTable(configSchema)],
  ["concepts.md", "statuses", statusDiagram],
  ["internals.md", "statuses", statusTable],
  ["api.md", "reference", apiReference],
];

for (const [page, name, write] of parts) renew(page, name, write());

function renew(page, name, made) {
  const path = fileURLToPath(new URL(`../docs/${page}`, import.meta.url));
  const [begin, end] = [`<!-- ${name}: written by \`npm run docs\` -->`, `<!-- /${name} -->`];
  const text = readFileSync(path, "utf8");
  const [before, rest] = text.split(begin);
  const [, after] = (rest ?? "").split(end);
  if (after === undefined) throw new Error(`${path}: the marks ${begin} and ${end} are missing`);
  const fresh = `${before}${begin}\n\n${made}\n\n${end}${after}`;
  if (fresh === text) return;
  if (!process.argv.includes("--check")) return writeFileSync(path, fresh);
  console.error(`docs/${page}: ${name} is not what the code says: run \`npm run docs\``);
  process.exitCode = 1;
}
