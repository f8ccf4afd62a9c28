/** Tables for people. */

/** One table per case: median and spread of every variant. */
export function resultTables(results) {
  return results
    .map(({ title, unit, series }) => `\n${title}\n${rows(series.map((one) => resultCells(one, unit)))}`)
    .join("\n");
}

/** Name, median, unit, spread, rounds. */
export function resultCells({ variant, error, median, min, max, rounds }, unit) {
  if (error) return [variant, "–", "", "", `failed: ${error}`];
  return [
    variant,
    number(median),
    unit,
    `${number(min)} – ${number(max)}`,
    `${rounds.length} ${rounds.length === 1 ? "round" : "rounds"}`,
  ];
}

/** The figures with their limits and verdicts, below them where and with what they were measured. */
export function figureTable(figures, { machine, versions, settings, seconds, quick }) {
  const head = ["figure", "value", "spread", "must", "aim", ""];
  const { cores, model, memory, load, node } = machine;
  return [
    `\nFigures (ratios are medians of the rounds' own ratios)\n${rows([head, ...figures.map(figureCells)])}`,
    `\n${cores} cores ${model}, ${memory}, node ${node}, load before ${load}, ${seconds} s${quick ? ", quick: not a verdict" : ""}`,
    Object.entries(versions)
      .map(([name, version]) => `${name} ${version}`)
      .join(", "),
    `redis: ${settings.redis} · mongo: ${settings.mongo}`,
  ].join("\n");
}

/** Name, value, spread, limit, aim, verdict. */
export function figureCells({ name, value, error, atLeast, atMost, aim, unit, verdict }) {
  const sign = unit ? ` ${unit}` : "×";
  const must =
    atLeast !== undefined ? `≥ ${number(atLeast)}${sign}` : atMost !== undefined ? `≤ ${number(atMost)}${sign}` : "";
  const marks = { held: "ok", missed: "MISSED", failed: "FAILED", told: "" };
  if (error) return [name, "–", "", must, "", `${marks[verdict]} ${error}`.trim()];
  const spread = `${number(value.min)} – ${number(value.max)}`;
  return [name, `${number(value.median)}${sign}`, spread, must, aim ? `${aim}${sign}` : "", marks[verdict]];
}

function number(value) {
  if (value >= 1000) return Math.round(value).toLocaleString("en-US");
  return String(Number(value.toPrecision(3)));
}

function rows(table) {
  const widths = [];
  for (const row of table) row.forEach((cell, i) => (widths[i] = Math.max(widths[i] ?? 0, cell.length)));
  const pad = (cell, i, { length }) =>
    i === 0 ? cell.padEnd(widths[i]) : i < length - 1 ? cell.padStart(widths[i]) : cell;
  return table.map((row) => `  ${row.map(pad).join("  ").trimEnd()}`).join("\n");
}
