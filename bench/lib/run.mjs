/** The run itself: services, cases, figures, table, JSON, chart. */
import { writeFileSync } from "node:fs";
import { now } from "./clock.mjs";
import { describeMachine, describeVersions } from "./environment.mjs";
import { judge } from "./figures.mjs";
import { stopAll, stopOnSignals } from "./processes.mjs";
import { peerNames } from "../peers/index.mjs";
import { promisesOf } from "./promises.mjs";
import { publish } from "./publish.mjs";
import { figureTable, resultTables } from "./report.mjs";
import { runCase } from "./rounds.mjs";
import { settings, startServices } from "./services.mjs";

/** Measures `cases` and judges `figures`. Gives the exit code: 1 when a figure that must hold does not, or was not measured. */
export async function run({ cases, figures }, flags) {
  const began = now();
  const services = await startServices();
  stopOnSignals(services.stop);
  try {
    const machine = describeMachine();
    const versions = await describeVersions(services, flags);
    const results = await runCases(services, shortened(chosen(cases, flags), figures), flags);
    const judged = judge(figures, results);
    const seconds = Math.round((now() - began) / 1000);
    const promises = promisesOf(peerNames(flags));
    const all = { machine, versions, settings, promises, seconds, quick: flags.quick, figures: judged, results };
    console.log(resultTables(results));
    console.log(figureTable(judged, all));
    keep(all, flags);
    return judged.some(({ verdict }) => verdict === "missed" || verdict === "failed") ? 1 : 0;
  } finally {
    await stopAll();
    await services.stop();
  }
}

function keep(all, { json, publish: isPublic }) {
  if (json) writeFileSync(json, `${JSON.stringify(all, null, 2)}\n`);
  if (isPublic) publish(all);
}

async function runCases(services, cases, flags) {
  const results = [];
  for (const theCase of cases) {
    const began = now();
    const measured = await runCase(theCase, { services, rounds: flags.rounds, tell });
    const seconds = Math.round((now() - began) / 1000);
    tell(`${theCase.name} · ${seconds} s\n`);
    results.push(...measured.map((one) => ({ ...one, seconds })));
  }
  return results;
}

function chosen(cases, flags) {
  const wanted = ({ name, peer = name }) =>
    name.includes(flags.variant) && (!flags.peer || flags.peer.split(",").some((text) => peer.includes(text.trim())));
  return cases
    .filter(({ name }) => name.includes(flags.case))
    .map((one) => ({ ...one, variants: one.variants.filter(wanted) }))
    .filter(({ variants }) => variants.length > 0);
}

const roundsAside = 2;

/** What no figure names runs fewer rounds: the time goes to what is judged. */
function shortened(cases, figures) {
  const named = new Set(figures.flatMap(({ ours, against }) => [ours, against]));
  const aside = (theCase, { name }) => !named.has(`${theCase.name}: ${name}`);
  return cases.map((one) => ({
    ...one,
    variants: one.variants.map((variant) => (aside(one, variant) ? { rounds: roundsAside, ...variant } : variant)),
  }));
}

function tell(line) {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${line}`);
  else process.stderr.write(`${line.trimEnd()}\n`);
}
