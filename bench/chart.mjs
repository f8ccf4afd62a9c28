#!/usr/bin/env node
/** `npm run bench:chart [result.json] [chart.svg]`: draws the chart of a result. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { drawChart } from "./charts/draw.mjs";

const at = (path) => fileURLToPath(new URL(path, import.meta.url));
const [from = at("results/result.json"), target = at("../docs/images/benchmark.svg")] = process.argv.slice(2);
mkdirSync(dirname(target), { recursive: true });
writeFileSync(target, drawChart(JSON.parse(readFileSync(from, "utf8"))));
console.log(`${target} is drawn from ${from}`);
