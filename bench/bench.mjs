#!/usr/bin/env node
/** `npm run bench`: everything, side by side, in one run. Exit code 1 when a figure that must hold does not. */
import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { prepare } from "./lib/prepare.mjs";

const help = `npm run bench -- [options]
  --quick         one round of the cases that decide most, less work: a first look, not a verdict
  --rounds N      rounds of each case (default 5)
  --case TEXT     only cases whose name contains the text: process, add, pickup, answer, work, queues, idle, backlog, bytes, soak;
                  actions (runs only when it is named)
  --peer LIST     only these, and those whose name contains one: bullmq, bee-queue, agenda, bare, no-storage, raw, regular
  --variant TEXT  only variants whose name contains the text
  --backlog N     jobs that wait, or are delayed, in the case "backlog", and a fifth of those done (default 1000000)
  --soak SECONDS  of full load in the case "soak" (default 12; 600 for a verdict about memory)
  --share X       of the work of each measurement (default 1): 0.05 only tries whether a case works
  --json FILE     where everything that was measured is written (default bench/results/result.json)
  --python        Celery and RQ, too, with 100 in flight (four processes); needs python3 and its package registry once
  --publish       writes docs/benchmarks.md and its chart (npm run bench:publish does it later, from the JSON)`;

const options = {
  quick: { type: "boolean", default: false },
  publish: { type: "boolean", default: false },
  python: { type: "boolean", default: false },
  help: { type: "boolean", default: false },
  ...Object.fromEntries(["case", "variant", "peer"].map((name) => [name, { type: "string", default: "" }])),
  ...Object.fromEntries(["rounds", "backlog", "soak", "share", "json"].map((name) => [name, { type: "string" }])),
};
const { values: flags } = parseArgs({ options });

if (flags.help) console.log(help);
else {
  const { quick } = flags;
  const size = {
    share: Number(flags.share ?? (quick ? 0.25 : 1)),
    backlog: Number(flags.backlog ?? (quick ? 100_000 : 1_000_000)),
    soak: Number(flags.soak ?? 12),
    python: flags.python,
  };
  const json = flags.json ?? fileURLToPath(new URL("results/result.json", import.meta.url));
  mkdirSync(new URL("results/", import.meta.url), { recursive: true });
  prepare();
  if (flags.python) (await import("./peers/python.mjs")).preparePython();
  const { run } = await import("./lib/run.mjs");
  const { asideCases, fullCases, quickCases } = await import("./cases/full.mjs");
  const { fullFigures: figures } = await import("./figures/full.mjs");
  const rounds = Number(flags.rounds ?? (quick ? 1 : 5));
  process.exitCode = await run(
    { cases: [...(quick ? quickCases(size) : fullCases(size)), ...(flags.case ? asideCases(size) : [])], figures },
    { ...flags, json, rounds },
  );
}
