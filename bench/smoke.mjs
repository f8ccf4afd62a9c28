#!/usr/bin/env node
/** `npm run bench:smoke`: the figures that must hold, measured side by side in a few minutes. Exit code 1 when one does not. */
import { parseArgs } from "node:util";
import { prepare } from "./lib/prepare.mjs";

const help = `npm run bench:smoke -- [options]
  --quick        two rounds and less work: a first look, not a verdict
  --rounds N     rounds of each case (default 3)
  --case TEXT    only cases whose name contains the text: process, add, pickup, cpu, memory, start
  --variant TEXT only variants whose name contains the text
  --json FILE    writes everything that was measured`;

const { values: flags } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    rounds: { type: "string" },
    case: { type: "string", default: "" },
    variant: { type: "string", default: "" },
    json: { type: "string" },
    help: { type: "boolean", default: false },
  },
});

if (flags.help) console.log(help);
else {
  prepare();
  const { run } = await import("./lib/run.mjs");
  const { smokeCases } = await import("./cases/smoke.mjs");
  const { smokeFigures: figures } = await import("./figures/smoke.mjs");
  const cases = smokeCases({ share: flags.quick ? 0.5 : 1 });
  process.exitCode = await run({ cases, figures }, { ...flags, rounds: Number(flags.rounds ?? (flags.quick ? 2 : 3)) });
}
