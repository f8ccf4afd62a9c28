import { stripVTControlCharacters } from "node:util";
import stringWidth from "string-width";
import { paint } from "./style.js";

/** Columns are not made narrower than this. */
const narrowest = 6;
const gap = 2;

/**
 * A table as lines that fit into `columns`: the widest columns give way first, identifiers in the first column never.
 *
 * @param columns default: the terminal's; without a terminal lines are as long as they must be
 */
export function tableLines(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  columns: number = process.stdout.isTTY ? process.stdout.columns || 80 : Number.POSITIVE_INFINITY,
): string[] {
  const natural = head.map((title, i) => Math.max(stringWidth(title), ...rows.map((row) => stringWidth(row[i] ?? ""))));
  const widths = fit(natural, columns);
  const line = (cells: readonly string[]) =>
    head
      .map((_, i) => cell(cells[i] ?? "", widths[i] ?? 0))
      .join(" ".repeat(gap))
      .trimEnd();
  return [paint("bold", line(head)), ...rows.map(line)];
}

/** Takes from the widest column but the first, until the line fits or nothing more can be taken. */
function fit(natural: readonly number[], columns: number): number[] {
  const widths = [...natural];
  let over = widths.reduce((sum, width) => sum + width + gap, -gap) - columns;
  while (over > 0) {
    const widest = widths.reduce((best, width, i) => (i > 0 && width > (widths[best] ?? 0) ? i : best), 1);
    const width = widths[widest] ?? 0;
    if (width <= narrowest) break;
    widths[widest] = width - 1;
    over--;
  }
  return widths;
}

function cell(text: string, width: number): string {
  const spare = width - stringWidth(text);
  return spare >= 0 ? text + " ".repeat(spare) : `${cut(stripVTControlCharacters(text), width - 1)}…`;
}

/** The longest beginning that is at most so wide. */
export function cut(text: string, width: number): string {
  let [taken, used] = ["", 0];
  for (const character of text) {
    used += stringWidth(character);
    if (used > width) break;
    taken += character;
  }
  return taken;
}
