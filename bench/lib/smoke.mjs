/** The run itself: services, cases, figures, table, JSON. */
import { writeFileSync } from "node:fs";
import { cpuCase } from "../cases/cpu.mjs";
import { enqueueCases } from "../cases/enqueue.mjs";
import { pickupCase } from "../cases/pickup.mjs";
import { processCase } from "../cases/process.mjs";
import { memoryCase, startCase } from "../cases/worker-command.mjs";
import { smokeFigures } from "../figures/smoke.mjs";
import { now } from "./clock.mjs";
import { describeMachine, describeVersions } from "./environment.mjs";
import { judge } from "./figures.mjs";
import { stopAll, stopOnSignals } from "./processes.mjs";
import { figureTable, resultTables } from "./report.mjs";
import { runCase } from "./rounds.mjs";
import { settings, startServices } from "./services.mjs";

/** Returns the exit code: 1 when a figure that must hold does not, or could not be measured. */
export async function smoke(flags) {
  const began = now();
  const services = await startServices();
  stopOnSignals(services.stop);
  try {
    const machine = describeMachine();
    const versions = await describeVersions(services);
    const results = await runCases(services, flags);
    const figures = judge(smokeFigures, results);
    const seconds = Math.round((now() - began) / 1000);
    console.log(resultTables(results));
    console.log(figureTable(figures, { machine, versions, settings, seconds, quick: flags.quick }));
    if (flags.json)
      writeFileSync(
        flags.json,
        `${JSON.stringify({ machine, versions, settings, seconds, figures, results }, null, 2)}\n`,
      );
    return figures.some(({ verdict }) => verdict === "missed" || verdict === "failed") ? 1 : 0;
  } finally {
    await stopAll();
    await services.stop();
  }
}

async function runCases(services, flags) {
  const results = [];
  for (const theCase of chosen(flags)) {
    results.push({ ...titleOf(theCase), series: await runCase(theCase, { services, rounds: flags.rounds, tell }) });
  }
  return results;
}

function chosen(flags) {
  const size = { share: flags.quick ? 0.5 : 1 };
  const all = [
    processCase(size),
    ...enqueueCases(size),
    pickupCase(size),
    cpuCase(size),
    memoryCase(size),
    startCase(),
  ];
  return all
    .filter(({ name }) => name.includes(flags.case))
    .map((one) => ({ ...one, variants: one.variants.filter(({ name }) => name.includes(flags.variant)) }));
}

const titleOf = ({ name, title, unit }) => ({ name, title, unit });

function tell(line) {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${line}`);
  else if (process.env.BENCH_DEBUG) process.stderr.write(`${line}\n`);
}
