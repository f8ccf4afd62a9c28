/** `npm run docs`: writes what is generated in the pages. With `--check` it writes nothing and fails where they differ. */
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { configSchema } from "../packages/tandemq/dist/config/schema.js";
import { optionsTable } from "./docs/options-table.mjs";

const page = fileURLToPath(new URL("../docs/configuration.md", import.meta.url));
const [begin, end] = ["<!-- options: written by `npm run docs` -->", "<!-- /options -->"];

const text = readFileSync(page, "utf8");
const [before, rest] = text.split(begin);
const [, after] = (rest ?? "").split(end);
if (after === undefined) throw new Error(`${page}: the marks ${begin} and ${end} are missing`);
const fresh = `${before}${begin}\n\n${optionsTable(configSchema)}\n\n${end}${after}`;

if (!process.argv.includes("--check")) writeFileSync(page, fresh);
else if (fresh !== text) {
  console.error("docs/configuration.md is not what the schema says: run `npm run docs`");
  process.exitCode = 1;
}
