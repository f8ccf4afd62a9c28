const columns = [
  ["mode", "mode"],
  ["experiment", "experiment"],
  ["faults", "faults"],
  ["acknowledged", "acknowledged"],
  ["lost", "lost"],
  ["run twice", "twice"],
  ["not excused", "unexcused"],
  ["overlaps", "overlaps"],
  ["set aside", "setAside"],
  ["left over", "left"],
  ["recovery ms", "recovery"],
  ["s", "seconds"],
];

/** The rows as an aligned table, one line each. */
export function table(rows) {
  const cells = [
    columns.map(([title]) => title),
    ...rows.map((row) => columns.map(([, key]) => String(row[key] ?? "-"))),
  ];
  const widths = columns.map((_, i) => Math.max(...cells.map((line) => line[i].length)));
  return cells.map((line) => line.map((cell, i) => pad(cell, widths[i], i)).join("  ")).join("\n");
}

/** Names to the left, numbers to the right. */
function pad(cell, width, column) {
  return column < 2 ? cell.padEnd(width) : cell.padStart(width);
}
