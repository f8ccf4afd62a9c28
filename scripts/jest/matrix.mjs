/**
 * The matrix of features × modes × process layouts, read from the names of the tests in test/features: a group, a cell
 * (`raw, --processes 4`), and the feature, or `refuses FEATURE, because REASON`.
 */
import { relative } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const MODES = ["regular", "raw", "no-storage"];
const LAYOUTS = ["0", "1", "4"];
const CELL = /^(regular|raw|no-storage), --processes (0|1|4)$/;
const REFUSAL = /^refuses (.+?), because (.+)$/;

function readTest({ title, status, ancestorTitles: [group, place] }, file) {
  const cell = CELL.exec(place ?? "");
  if (!cell) return undefined;
  const refusal = REFUSAL.exec(title);
  return {
    ...{ group, file, mode: cell[1], layout: cell[2], works: status === "passed" },
    feature: refusal ? refusal[1] : title,
    reason: refusal?.[2],
  };
}

/** Every cell that ran, from the results of a Jest run. */
export function readCells(testResults) {
  return testResults
    .map((result) => ({ file: relative(ROOT, result.testFilePath), tests: result.testResults }))
    .filter(({ file }) => file.startsWith("test/features/"))
    .flatMap(({ file, tests }) => tests.map((test) => readTest(test, file)))
    .filter(Boolean);
}

const by = (key, items) => Map.groupBy?.(items, (item) => item[key]) ?? groupBy(key, items);

function groupBy(key, items) {
  const groups = new Map();
  for (const item of items) groups.set(item[key], [...(groups.get(item[key]) ?? []), item]);
  return groups;
}

function describeMode(cells, notes) {
  const words = LAYOUTS.map((layout) => {
    const cell = cells.find((one) => one.layout === layout);
    if (!cell) return "missing";
    if (!cell.works) return "FAILS";
    return cell.reason === undefined ? "works" : `refused ${note(notes, cell.reason)}`;
  });
  return new Set(words).size === 1 ? words[0] : LAYOUTS.map((layout, i) => `${layout}: ${words[i]}`).join("<br>");
}

function note(notes, reason) {
  if (!notes.includes(reason)) notes.push(reason);
  return `(${notes.indexOf(reason) + 1})`;
}

function renderGroup([group, cells]) {
  const notes = [];
  const rows = [...by("feature", cells)].map(([feature, own]) => {
    const modes = MODES.map((mode) =>
      describeMode(
        own.filter((cell) => cell.mode === mode),
        notes,
      ),
    );
    return `| ${feature} | ${modes.join(" | ")} |`;
  });
  const lines = [`## ${group}`, "", `Shown by \`${cells[0].file}\`.`, "", `| feature | ${MODES.join(" | ")} |`];
  lines.push("|---|---|---|---|", ...rows);
  if (notes.length > 0) lines.push("", ...notes.map((reason, i) => `${i + 1}. ${reason}`));
  return lines.join("\n");
}

const HEAD = `# What works where

Every feature in every mode, with \`--processes 0\`, \`1\` and \`4\`. "works": the named test shows it on real stores with the
real command; "refused": the interface refuses it with the reason below the table, and a test shows that too. Where the
three layouts agree, the cell says it once. Written by \`npm run matrix\` from the tests; do not edit.
`;

/** docs/matrix.md as these cells say it. */
export function renderMatrix(cells) {
  const groups = [...by("group", cells)].toSorted(([a], [b]) => a.localeCompare(b));
  return `${HEAD}\n${groups.map(renderGroup).join("\n\n")}\n`;
}
