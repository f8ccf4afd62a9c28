#!/usr/bin/env node
/** `npm run bench:publish [result.json]`: writes docs/benchmarks.md and its chart from a result. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { publish } from "./lib/publish.mjs";

const [from = fileURLToPath(new URL("results/result.json", import.meta.url))] = process.argv.slice(2);
for (const file of publish(JSON.parse(readFileSync(from, "utf8")))) console.log(`${file} is written from ${from}`);
