import { demoQueues } from "./queues.mjs";

/** The table at the end: what ran how fast, and what is stored where. */
export function printReport(rows, times, verdicts) {
  const head = ["queue", "jobs", "jobs/s", "wait p50", "wait p95", "run p50", "run p95", "failed", "answers", "stored"];
  const body = rows.map(({ queue, done, failed, seconds }) => {
    const { wait, run } = times.get(queue) ?? {};
    return [
      queue,
      String(done),
      String(Math.round(done / seconds)),
      ms(wait?.p50),
      ms(wait?.p95),
      ms(run?.p50),
      ms(run?.p95),
      String(failed),
      verdictText(verdicts.get(queue)),
      demoQueues.find((known) => known.queue === queue).stored,
    ];
  });
  printTable([head, ...body]);
}

function verdictText({ right, wrong, missing, twice }) {
  const faults = [wrong && `${wrong} wrong`, missing && `${missing} missing`, twice && `${twice} twice`].filter(
    Boolean,
  );
  return faults.length > 0 ? faults.join(", ") : `${right} right`;
}

function ms(value) {
  if (typeof value !== "number") return "-";
  return value >= 1000 ? `${(value / 1000).toFixed(1)} s` : `${value < 10 ? value.toFixed(1) : Math.round(value)} ms`;
}

function printTable(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  for (const row of rows)
    console.log(
      row
        .map((cell, i) => cell.padEnd(widths[i]))
        .join("  ")
        .trimEnd(),
    );
}
